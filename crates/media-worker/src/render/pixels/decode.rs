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
use super::super::inspect::{Format, Inspected, webp};
use super::super::jpeg::{self, Header};
use super::{Layout, MOST_ICC, Pixels, ink};

/// Scans after which a progressive JPEG is refused: encoders write about ten, and each costs a pass over the picture.
const MAX_SCANS: usize = 32;

/// Decodes, turns upright, and keeps the colour profile; 16-bit samples become 8-bit ones.
pub(crate) fn decode(bytes: &[u8], found: &Inspected) -> Result<Pixels, RenderError> {
    let pixels = match found.format {
        Format::Jpeg => decode_jpeg(bytes)?,
        Format::Png => {
            let decoder = PngDecoder::with_limits(Cursor::new(bytes), limits(bytes.len()));
            convert(decoder.map_err(reason)?)?
        }
        Format::WebP => {
            let container = webp::container(bytes)?;
            convert(WebPDecoder::new(Cursor::new(container)).map_err(reason)?)?
        }
    };
    let pixels = pixels.upright(found.orientation);
    if (pixels.width, pixels.height) != (found.width, found.height) {
        return Err(RenderError::corrupt("it contradicts itself about its size"));
    }
    Ok(pixels)
}

/// What a PNG's chunks beside the pixels may take: what they take in the file, and what a profile inflates to.
fn limits(file: usize) -> Limits {
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some((2 * MOST_ICC + file) as u64);
    limits
}

fn decode_jpeg(bytes: &[u8]) -> Result<Pixels, RenderError> {
    let header = Header::parse(bytes)?;
    jpeg::walk_to_end(bytes, header.scan_start, MAX_SCANS)?;
    let layout = if header.components.len() == 1 {
        Layout::Luma
    } else if header.is_cmyk() {
        return ink::decode(bytes, &header);
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
    let data = samples(bytes, &header, space)?;
    if data.len() != header.width as usize * header.height as usize * layout.channels() {
        return Err(RenderError::corrupt("its colours are not as declared"));
    }
    Ok(Pixels { data, width: header.width, height: header.height, layout, icc: header.icc })
}

/// The samples of a JPEG in the colours `space` that it is stored in.
fn samples(bytes: &[u8], header: &Header, space: ColorSpace) -> Result<Vec<u8>, RenderError> {
    if header.is_subsampled_in_separate_scans() {
        return rare_samples(bytes, header);
    }
    let options = DecoderOptions::default()
        .set_strict_mode(false)
        .set_max_width(usize::from(u16::MAX))
        .set_max_height(usize::from(u16::MAX))
        .jpeg_set_max_scans(MAX_SCANS)
        .jpeg_set_out_colorspace(space);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode().map_err(|error| RenderError::corrupt(format!("{error:?}")))
}

/// Of a scan for each subsampled colour zune-jpeg 0.5.15 makes green stripes and no error (etemesi254/zune-image#422,
/// fixed after it), and progressive subsampled inks it refuses; jpeg-decoder is slower, and reads both.
pub(super) fn rare_samples(bytes: &[u8], header: &Header) -> Result<Vec<u8>, RenderError> {
    let mut decoder = jpeg_decoder::Decoder::new(bytes);
    let components = header.components.len();
    // The transform that leaves three samples as they are; four come inverted at best.
    let transform =
        if header.is_cmyk() { jpeg_decoder::ColorTransform::CMYK } else { jpeg_decoder::ColorTransform::RGB };
    decoder.set_color_transform(transform);
    decoder.set_max_decoding_buffer_size(header.width as usize * header.height as usize * components);
    let mut samples = decoder.decode().map_err(|error| match error {
        jpeg_decoder::Error::Io(_) => RenderError::Truncated,
        error => RenderError::corrupt(error.to_string()),
    })?;
    if header.is_cmyk() {
        samples.iter_mut().for_each(|sample| *sample = 255 - *sample);
    }
    Ok(samples)
}

fn convert(mut decoder: impl ImageDecoder) -> Result<Pixels, RenderError> {
    // A damaged profile is no reason to refuse the picture; without one it is shown as sRGB.
    let icc = decoder.icc_profile().unwrap_or_default().filter(|icc| icc.len() <= MOST_ICC);
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
