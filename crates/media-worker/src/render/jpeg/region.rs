//! Decoding one rectangle's brightness out of a JPEG.

use super::super::RenderError;
use super::super::plate::Rect;
use super::super::read_back::Crop;
use super::block::Block;
use super::header::Header;
use super::layout::Layout;
use super::scan::{Decoders, Place, Scan};

/// Reads `rect`, whose corner is on a multiple of 8 pixels, from the coded bits of `bytes`. `None` when the file is not
/// one baseline scan.
pub(crate) fn read_region(bytes: &[u8], header: &Header, rect: Rect) -> Result<Option<Crop>, RenderError> {
    let Some(layout) = Layout::of(header) else {
        return Ok(None);
    };
    let start = Place { byte: header.scan_start, ..Place::default() };
    read_region_from(bytes, &layout, &Decoders::new(&header.tables), start, rect).map(Some)
}

/// The same from a place that is not below the rectangle.
pub(super) fn read_region_from(
    bytes: &[u8],
    layout: &Layout,
    decoders: &Decoders,
    from: Place,
    rect: Rect,
) -> Result<Crop, RenderError> {
    let mut scan = Scan::new(bytes, decoders, layout, from)?;
    let mut crop = Crop {
        luma: vec![0; rect.width as usize * rect.height as usize],
        width: rect.width as usize,
        height: rect.height as usize,
    };
    let rows = rect.y / layout.mcu_height..(rect.y + rect.height).div_ceil(layout.mcu_height);
    let columns = rect.x / layout.mcu_width..(rect.x + rect.width).div_ceil(layout.mcu_width);
    for row in from.row..rows.end.min(layout.rows) {
        for column in 0..layout.columns {
            scan.begin(row, column)?;
            if rows.contains(&row) && columns.contains(&column) {
                read_mcu(&mut scan, layout, (column, row), rect, &mut crop)?;
            } else {
                scan.skip::<false>(layout, |_, _, _, _| {})?;
            }
        }
    }
    scan.finish()?;
    Ok(crop)
}

fn read_mcu(
    scan: &mut Scan<'_>,
    layout: &Layout,
    (column, row): (u32, u32),
    rect: Rect,
    crop: &mut Crop,
) -> Result<(), RenderError> {
    for (index, part) in layout.parts.iter().enumerate() {
        for block in 0..part.across * part.down {
            let x = 8 * (column * part.across + block % part.across);
            let y = 8 * (row * part.down + block / part.across);
            let dc = scan.dc(index)?;
            let inside =
                (rect.x..rect.x + rect.width).contains(&x) && (rect.y..rect.y + rect.height).contains(&y);
            if index > 0 || !inside {
                scan.skip_ac(index)?;
                continue;
            }
            let mut coefficients = [0; 64];
            scan.read_ac(index, &mut coefficients)?;
            let mut block = Block(coefficients.map(i32::from));
            block.0[0] = dc;
            let samples = block.samples(&part.steps);
            place(crop, (x - rect.x) as usize, (y - rect.y) as usize, &samples);
        }
    }
    Ok(())
}

/// Copies a block into the crop, as much of it as is inside.
fn place(crop: &mut Crop, x: usize, y: usize, samples: &[u8; 64]) {
    let width = (crop.width - x).min(8);
    let rows = crop.luma.chunks_exact_mut(crop.width).skip(y);
    for (target, row) in rows.zip(samples.chunks_exact(8)) {
        target[x..x + width].copy_from_slice(&row[..width]);
    }
}
