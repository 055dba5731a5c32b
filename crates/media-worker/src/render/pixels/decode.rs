//! Files to pixels, within bounds.

use std::io::Cursor;

use image::codecs::png::PngDecoder;
use image::codecs::webp::WebPDecoder;
use image::error::ImageError;
use image::{DynamicImage, ImageDecoder, Limits};
use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;

use super::super::RenderError;
use super::super::inspect::{Format, Inspected};
use super::super::jpeg::{self, Header};
use super::{Layout, Pixels};

/// Scans after which a progressive JPEG is refused: encoders write about ten, and each costs a pass over the picture.
const MAX_SCANS: usize = 32;

/// Decodes, turns upright, and keeps the colour profile; 16-bit samples become 8-bit ones.
pub(crate) fn decode(bytes: &[u8], found: &Inspected) -> Result<Pixels, RenderError> {
    let pixels = match found.format {
        Format::Jpeg => decode_jpeg(bytes)?,
        Format::Png => {
            let decoder = PngDecoder::with_limits(Cursor::new(bytes), limits(found));
            convert(decoder.map_err(reason)?)?
        }
        Format::WebP => convert(WebPDecoder::new(Cursor::new(bytes)).map_err(reason)?)?,
    };
    let pixels = pixels.upright(found.orientation);
    if (pixels.width, pixels.height) != (found.width, found.height) {
        return Err(RenderError::corrupt("it contradicts itself about its size"));
    }
    Ok(pixels)
}

fn limits(found: &Inspected) -> Limits {
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(found.memory_bound(0));
    limits
}

fn decode_jpeg(bytes: &[u8]) -> Result<Pixels, RenderError> {
    let header = Header::parse(bytes)?;
    jpeg::walk_to_end(bytes, header.scan_start, MAX_SCANS)?;
    if header.is_subsampled_in_separate_scans() {
        // zune-jpeg 0.5.15 gives green stripes and no error (etemesi254/zune-image#422); fixed after it.
        return Err(RenderError::UnsupportedEncoding { detail: "a JPEG with a scan for each colour" });
    }
    let layout = if header.components.len() == 1 {
        Layout::Luma
    } else if header.is_ycbcr() {
        Layout::YCbCr
    } else {
        Layout::Rgb
    };
    let space = match layout {
        Layout::Luma => ColorSpace::Luma,
        Layout::YCbCr => ColorSpace::YCbCr,
        _ => ColorSpace::RGB,
    };
    let options = DecoderOptions::default()
        .set_strict_mode(false)
        .set_max_width(usize::from(u16::MAX))
        .set_max_height(usize::from(u16::MAX))
        .jpeg_set_max_scans(MAX_SCANS)
        .jpeg_set_out_colorspace(space);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    let data = decoder.decode().map_err(|error| RenderError::corrupt(format!("{error:?}")))?;
    let expected = header.width as usize * header.height as usize * layout.channels();
    if data.len() != expected {
        return Err(RenderError::corrupt("its colours are not as declared"));
    }
    Ok(Pixels { data, width: header.width, height: header.height, layout, icc: header.icc })
}

fn convert(mut decoder: impl ImageDecoder) -> Result<Pixels, RenderError> {
    // A damaged profile is no reason to refuse the picture; without one it is shown as sRGB.
    let icc = decoder.icc_profile().unwrap_or_default();
    let picture = DynamicImage::from_decoder(decoder).map_err(reason)?;
    let (width, height) = (picture.width(), picture.height());
    let (data, layout) = match picture {
        DynamicImage::ImageLuma8(_) | DynamicImage::ImageLuma16(_) => {
            (picture.into_luma8().into_raw(), Layout::Luma)
        }
        DynamicImage::ImageLumaA8(_) | DynamicImage::ImageLumaA16(_) => {
            (picture.into_luma_alpha8().into_raw(), Layout::LumaAlpha)
        }
        DynamicImage::ImageRgba8(_) | DynamicImage::ImageRgba16(_) => {
            (picture.into_rgba8().into_raw(), Layout::Rgba)
        }
        _ => (picture.into_rgb8().into_raw(), Layout::Rgb),
    };
    Ok(Pixels { data, width, height, layout, icc })
}

fn reason(error: ImageError) -> RenderError {
    match error {
        ImageError::IoError(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            RenderError::Truncated
        }
        ImageError::Limits(_) => RenderError::corrupt("it takes more memory than its size"),
        ImageError::Unsupported(_) => {
            RenderError::UnsupportedEncoding { detail: "an uncommon variant of its format" }
        }
        error => RenderError::corrupt(error.to_string()),
    }
}
