//! Turning pixels upright, as the EXIF orientation tag says (CIPA DC-008, 4.6.5.1).

use image::metadata::Orientation;

use super::Pixels;

/// Pixels per side of the squares that are moved at once: source and target lines then both stay in the cache.
const TILE: usize = 32;

impl Pixels {
    pub(crate) fn upright(self, orientation: Orientation) -> Self {
        match self.layout.channels() {
            1 => turn::<1>(self, orientation),
            2 => turn::<2>(self, orientation),
            3 => turn::<3>(self, orientation),
            _ => turn::<4>(self, orientation),
        }
    }
}

fn turn<const N: usize>(from: Pixels, orientation: Orientation) -> Pixels {
    if orientation == Orientation::NoTransforms {
        return from;
    }
    let (width, height) = (from.width as usize, from.height as usize);
    let (right, bottom) = (width - 1, height - 1);
    // Where the pixel of the upright picture is in the stored one.
    let source = |x: usize, y: usize| match orientation {
        Orientation::NoTransforms => (x, y),
        Orientation::FlipHorizontal => (right - x, y),
        Orientation::Rotate180 => (right - x, bottom - y),
        Orientation::FlipVertical => (x, bottom - y),
        Orientation::Rotate90FlipH => (y, x),
        Orientation::Rotate90 => (y, bottom - x),
        Orientation::Rotate270FlipH => (right - y, bottom - x),
        Orientation::Rotate270 => (right - y, x),
    };
    let (new_width, new_height) = if orientation.to_exif() >= 5 { (height, width) } else { (width, height) };
    let (stored, _) = from.data.as_chunks::<N>();
    let mut data = vec![0; from.data.len()];
    let (upright, _) = data.as_chunks_mut::<N>();
    for top in (0..new_height).step_by(TILE) {
        for left in (0..new_width).step_by(TILE) {
            for y in top..(top + TILE).min(new_height) {
                let row = &mut upright[y * new_width..(y + 1) * new_width];
                for (x, pixel) in row.iter_mut().enumerate().skip(left).take(TILE) {
                    let (from_x, from_y) = source(x, y);
                    *pixel = stored[from_y * width + from_x];
                }
            }
        }
    }
    Pixels { data, width: new_width as u32, height: new_height as u32, ..from }
}
