//! The general way: the whole picture as pixels.
//!
//! Taken by PNG and WebP, and by JPEGs that [`jpeg`](super::jpeg) cannot splice: progressive ones, ones that have to
//! be turned, and other rare ones.

use super::plate::{Plate, Rect};
use super::read_back::Crop;

pub(super) mod decode;
pub(super) mod encode;
mod enlarge;
mod ink;
mod orient;

/// Bytes of a colour profile that a result carries: those for print have up to three million, and each step has a copy.
pub(super) const MOST_ICC: usize = 4 << 20;

/// What the bytes of a pixel mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    Luma,
    LumaAlpha,
    Rgb,
    Rgba,
    /// Full-range BT.601, as in JFIF; JPEGs stay in it from end to end.
    YCbCr,
}

impl Layout {
    pub(crate) fn channels(self) -> usize {
        match self {
            Self::Luma => 1,
            Self::LumaAlpha => 2,
            Self::Rgb | Self::YCbCr => 3,
            Self::Rgba => 4,
        }
    }

    pub(crate) fn has_alpha(self) -> bool {
        matches!(self, Self::LumaAlpha | Self::Rgba)
    }

    /// A grey of the plate as a pixel; only the first `channels` count.
    fn grey(self, luma: u8) -> [u8; 4] {
        match self {
            Self::Luma | Self::Rgb | Self::Rgba => [luma, luma, luma, 255],
            Self::LumaAlpha => [luma, 255, 0, 0],
            Self::YCbCr => [luma, 128, 128, 0],
        }
    }
}

/// A decoded picture, rows from the top without padding.
#[derive(Debug)]
pub(crate) struct Pixels {
    pub(crate) data: Vec<u8>,
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) layout: Layout,
    /// The colour profile, for the results to carry.
    pub(crate) icc: Option<Vec<u8>>,
}

impl Pixels {
    fn span(&self, rect: Rect, y: u32) -> std::ops::Range<usize> {
        let channels = self.layout.channels();
        let start = ((rect.y + y) as usize * self.width as usize + rect.x as usize) * channels;
        start..start + rect.width as usize * channels
    }

    /// The pixels under `rect`, for [`Pixels::restore`].
    pub(crate) fn save(&self, rect: Rect) -> Vec<u8> {
        (0..rect.height).flat_map(|y| self.data[self.span(rect, y)].iter().copied()).collect()
    }

    /// Undoes a [`Pixels::paint`].
    pub(crate) fn restore(&mut self, rect: Rect, saved: &[u8]) {
        let row = rect.width as usize * self.layout.channels();
        for (y, saved) in (0..rect.height).zip(saved.chunks_exact(row)) {
            let span = self.span(rect, y);
            self.data[span].copy_from_slice(saved);
        }
    }

    /// Lays the plate over the picture.
    pub(crate) fn paint(&mut self, plate: &Plate) {
        let (layout, channels) = (self.layout, self.layout.channels());
        for y in 0..plate.rect.height {
            let span = self.span(plate.rect, y);
            let row = self.data[span].chunks_exact_mut(channels);
            for (x, (pixel, luma)) in row.zip(plate.row(y)).enumerate() {
                let over = layout.grey(*luma);
                match plate.coverage(x as u32, y) {
                    255 => pixel.copy_from_slice(&over[..channels]),
                    alpha => blend(pixel, &over, alpha),
                }
            }
        }
    }

    /// Brightness under `rect`, for reading back pictures that are stored without loss.
    pub(crate) fn crop(&self, rect: Rect) -> Crop {
        let channels = self.layout.channels();
        let luma = (0..rect.height)
            .flat_map(|y| self.data[self.span(rect, y)].chunks_exact(channels))
            .map(|pixel| match (self.layout, pixel) {
                (Layout::Rgb | Layout::Rgba, [red, green, blue, ..]) => {
                    // BT.601, in 256ths.
                    ((77 * u32::from(*red) + 150 * u32::from(*green) + 29 * u32::from(*blue)) >> 8) as u8
                }
                _ => pixel[0],
            })
            .collect();
        Crop { luma, width: rect.width as usize, height: rect.height as usize }
    }
}

/// Mixes `over` into `pixel`; `alpha` of 255 is all of `over`.
pub(crate) fn blend(pixel: &mut [u8], over: &[u8], alpha: u8) {
    let alpha = u32::from(alpha);
    for (under, over) in pixel.iter_mut().zip(over) {
        let mixed = u32::from(*under) * (255 - alpha) + u32::from(*over) * alpha;
        *under = ((mixed + 127) / 255) as u8;
    }
}
