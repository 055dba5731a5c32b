//! Pixels to files: no metadata, but the colour profile.

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

use super::super::RenderError;
use super::{Layout, Pixels};

/// JPEG with colour at half resolution, as cameras and sites store it.
pub(crate) fn jpeg(pixels: &Pixels, quality: u8) -> Result<Vec<u8>, RenderError> {
    let color = match pixels.layout {
        Layout::Luma => ColorType::Luma,
        Layout::Rgb => ColorType::Rgb,
        Layout::YCbCr => ColorType::Ycbcr,
        Layout::Rgba | Layout::LumaAlpha => {
            return Err(encode_failed("JPEG has no transparency"));
        }
    };
    let side = |length: u32| u16::try_from(length).map_err(encode_failed);
    let (width, height) = (side(pixels.width)?, side(pixels.height)?);
    let mut out = Vec::with_capacity(pixels.data.len() / 8);
    let mut encoder = Encoder::new(&mut out, quality);
    encoder.set_sampling_factor(SamplingFactor::F_2_2);
    if let Some(icc) = &pixels.icc {
        encoder.add_icc_profile(icc).map_err(encode_failed)?;
    }
    encoder.encode(&pixels.data, width, height, color).map_err(encode_failed)?;
    Ok(out)
}

/// PNG, compressed fast; thoroughly when that comes out at more than twice the `source` file, which patterns can do a
/// hundredfold.
pub(crate) fn png(pixels: &Pixels, source: usize) -> Result<Vec<u8>, RenderError> {
    let fast = png_at(pixels, CompressionType::Fast, FilterType::Up)?;
    if fast.len() <= source.saturating_mul(2) {
        return Ok(fast);
    }
    let thorough = png_at(pixels, CompressionType::Default, FilterType::Adaptive)?;
    Ok(if thorough.len() < fast.len() { thorough } else { fast })
}

fn png_at(pixels: &Pixels, compression: CompressionType, filter: FilterType) -> Result<Vec<u8>, RenderError> {
    let color = match pixels.layout {
        Layout::Luma => ExtendedColorType::L8,
        Layout::LumaAlpha => ExtendedColorType::La8,
        Layout::Rgb => ExtendedColorType::Rgb8,
        Layout::Rgba => ExtendedColorType::Rgba8,
        Layout::YCbCr => return Err(encode_failed("PNG has no YCbCr")),
    };
    let mut out = Vec::new();
    let mut encoder = PngEncoder::new_with_quality(&mut out, compression, filter);
    if let Some(icc) = &pixels.icc {
        encoder.set_icc_profile(icc.clone()).map_err(encode_failed)?;
    }
    encoder.write_image(&pixels.data, pixels.width, pixels.height, color).map_err(encode_failed)?;
    Ok(out)
}

#[expect(clippy::needless_pass_by_value, reason = "map_err passes it by value")]
fn encode_failed(error: impl ToString) -> RenderError {
    RenderError::Encode { detail: error.to_string() }
}
