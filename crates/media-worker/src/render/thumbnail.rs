//! A small JPEG of the result, for lists.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};

use super::RenderError;
use super::pixels::{Layout, Pixels, encode};

/// Quality on libjpeg's scale.
const QUALITY: u8 = 80;
/// Bytes of a colour profile that a thumbnail still carries; larger ones are for printers.
const MAX_ICC: usize = 16 * 1024;

/// Width and height that fit a square of `longest`; never larger than the picture, never zero.
pub(crate) fn size(width: u32, height: u32, longest: u32) -> (u32, u32) {
    let long = width.max(height);
    if long <= longest {
        return (width, height);
    }
    let scale = |side: u32| {
        let scaled = (u64::from(side) * u64::from(longest) + u64::from(long) / 2) / u64::from(long);
        u32::try_from(scaled).unwrap_or(longest).max(1)
    };
    (scale(width), scale(height))
}

/// Shrinks to `longest` pixels on the longer side; transparency becomes white.
pub(crate) fn of(pixels: &Pixels, longest: u32) -> Result<Pixels, RenderError> {
    let (width, height) = size(pixels.width, pixels.height, longest);
    let kind = match pixels.layout {
        Layout::Luma => PixelType::U8,
        Layout::LumaAlpha => PixelType::U8x2,
        Layout::Rgb | Layout::YCbCr => PixelType::U8x3,
        Layout::Rgba => PixelType::U8x4,
    };
    let from = ImageRef::new(pixels.width, pixels.height, &pixels.data, kind).map_err(resize_failed)?;
    let (from_width, from_height) = (f64::from(pixels.width), f64::from(pixels.height));
    let data = shrink(&from, (from_width, from_height), (width, height))?;
    Ok(on_white(Pixels { data, width, height, layout: pixels.layout, icc: pixels.icc.clone() }))
}

/// Scales the upper left `part` (in pixels of `from`, fractions allowed) to `size`.
pub(crate) fn shrink(
    from: &ImageRef<'_>,
    part: (f64, f64),
    size: (u32, u32),
) -> Result<Vec<u8>, RenderError> {
    let mut to = Image::new(size.0, size.1, from.pixel_type());
    let options = ResizeOptions::new()
        .resize_alg(ResizeAlg::Convolution(FilterType::Bilinear))
        .crop(0.0, 0.0, part.0, part.1);
    Resizer::new().resize(from, &mut to, &options).map_err(resize_failed)?;
    Ok(to.into_vec())
}

fn on_white(mut pixels: Pixels) -> Pixels {
    if !pixels.layout.has_alpha() {
        return pixels;
    }
    let channels = pixels.layout.channels();
    pixels.data = pixels
        .data
        .chunks_exact(channels)
        .flat_map(|pixel| {
            let (colour, alpha) = pixel.split_at(channels - 1);
            let alpha = u32::from(alpha[0]);
            colour
                .iter()
                .map(move |sample| ((u32::from(*sample) * alpha + 255 * (255 - alpha) + 127) / 255) as u8)
        })
        .collect();
    pixels.layout = if channels == 2 { Layout::Luma } else { Layout::Rgb };
    pixels
}

/// The thumbnail as a file.
pub(crate) fn encode(mut pixels: Pixels) -> Result<Vec<u8>, RenderError> {
    pixels.icc = pixels.icc.filter(|icc| icc.len() <= MAX_ICC);
    encode::jpeg(&pixels, QUALITY)
}

#[expect(clippy::needless_pass_by_value, reason = "map_err passes it by value")]
fn resize_failed(error: impl ToString) -> RenderError {
    RenderError::Encode { detail: error.to_string() }
}
