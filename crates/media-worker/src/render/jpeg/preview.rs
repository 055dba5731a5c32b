//! A thumbnail from the lowest coefficients: one sample per block from its DC value, or four with the three lowest
//! AC values. That is the picture at an eighth or a quarter, without decoding it.

use fast_image_resize::PixelType;
use fast_image_resize::images::ImageRef;

use super::super::RenderError;
use super::super::pixels::{Layout as PixelLayout, Pixels};
use super::super::thumbnail;
use super::layout::Layout;
use super::scan::Low;

/// Mean over half a block of its lowest cosine, and the square of it, with the factors of the transform.
const ONE_WAY: f32 = 0.113_265;
const BOTH_WAYS: f32 = 0.102_634;

/// Samples per block and direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Grain {
    None,
    One,
    Two,
}

impl Grain {
    /// The coarsest that still has as many pixels as the thumbnail; none for pictures smaller than four thumbnails.
    pub(super) fn of(long_side: u32, longest: u32) -> Self {
        if long_side >= longest.saturating_mul(8) {
            Self::One
        } else if long_side >= longest.saturating_mul(4) {
            Self::Two
        } else {
            Self::None
        }
    }
}

#[derive(Debug)]
struct Plane {
    samples: Vec<u8>,
    width: u32,
    height: u32,
    /// Quantisation steps of DC and of the three.
    steps: [f32; 4],
}

#[derive(Debug)]
pub(super) struct Preview {
    grain: Grain,
    planes: Vec<Plane>,
}

impl Preview {
    pub(super) fn new(grain: Grain, layout: &Layout) -> Self {
        let scale = match grain {
            Grain::None => 0,
            Grain::One => 1,
            Grain::Two => 2,
        };
        let planes = layout.parts.iter().map(|part| {
            let (width, height) = (layout.columns * part.across * scale, layout.rows * part.down * scale);
            Plane {
                samples: vec![0; width as usize * height as usize],
                width,
                height,
                steps: [0, 1, 2, 4].map(|index| f32::from(part.steps[index])),
            }
        });
        Self { grain, planes: planes.collect() }
    }

    /// Notes a block at `x`, `y`, counted in blocks of the part.
    #[inline(always)]
    pub(super) fn put(&mut self, part: usize, x: u32, y: u32, dc: i32, low: Low) {
        let plane = &mut self.planes[part];
        let width = plane.width as usize;
        let mean = dc as f32 * plane.steps[0] / 8.0 + 128.5;
        match self.grain {
            Grain::None => {}
            Grain::One => plane.samples[y as usize * width + x as usize] = mean as u8,
            Grain::Two => {
                let value = |index: usize, factor: f32| low[index] as f32 * plane.steps[index + 1] * factor;
                let (across, down, both) = (value(0, ONE_WAY), value(1, ONE_WAY), value(2, BOTH_WAYS));
                let start = 2 * (y as usize * width + x as usize);
                plane.samples[start] = (mean + across + down + both) as u8;
                plane.samples[start + 1] = (mean - across + down - both) as u8;
                plane.samples[start + width] = (mean + across - down - both) as u8;
                plane.samples[start + width + 1] = (mean - across - down + both) as u8;
            }
        }
    }

    /// The thumbnail of a picture of `width` × `height`; `None` when no samples were kept.
    pub(super) fn finish(
        self,
        (width, height): (u32, u32),
        layout: &Layout,
        longest: u32,
    ) -> Result<Option<Pixels>, RenderError> {
        let scale = match self.grain {
            Grain::None => return Ok(None),
            Grain::One => 8.0,
            Grain::Two => 4.0,
        };
        let size = thumbnail::size(width, height, longest);
        let mut planes = Vec::new();
        for (plane, part) in self.planes.iter().zip(&layout.parts) {
            let from = ImageRef::new(plane.width, plane.height, &plane.samples, PixelType::U8)
                .map_err(|error| RenderError::corrupt(error.to_string()))?;
            let extent = |side: u32, step: u32| f64::from(side) / f64::from(step) / scale;
            let part = (extent(width, part.step_x), extent(height, part.step_y));
            planes.push(thumbnail::shrink(&from, part, size)?);
        }
        let (data, layout) = match planes.as_slice() {
            [luma, blue, red] => {
                let colours = luma.iter().zip(blue).zip(red);
                let data = colours.flat_map(|((y, cb), cr)| [*y, *cb, *cr]).collect();
                (data, PixelLayout::YCbCr)
            }
            _ => (planes.swap_remove(0), PixelLayout::Luma),
        };
        Ok(Some(Pixels { data, width: size.0, height: size.1, layout, icc: None }))
    }
}
