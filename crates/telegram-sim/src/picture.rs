//! Photos in Telegram's sizes.

use std::io::Cursor;

use bytes::Bytes;
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, GenericImageView, ImageFormat, ImageReader, Limits};

/// Longest sides of the smaller copies a bot gets of a photo; the last is also the largest a
/// photo keeps.
const LONGEST_SIDES: [u32; 4] = [90, 320, 800, 1280];

/// Decoded pixels are the memory a malicious picture could take.
const MAX_DECODED_BYTES: u64 = 400 * 1024 * 1024;

/// One size of a photo, as JPEG.
#[derive(Debug)]
pub(crate) struct Size {
    pub(crate) bytes: Bytes,
    pub(crate) width: u32,
    pub(crate) height: u32,
}

/// All sizes of a photo, smallest first; a JPEG that is small enough is passed on as it is.
/// `None` when the bytes are not a JPEG, PNG or WebP picture.
pub(crate) fn sizes(bytes: &Bytes) -> Option<Vec<Size>> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().ok()?;
    let mut limits = Limits::default();
    limits.max_alloc = Some(MAX_DECODED_BYTES);
    reader.limits(limits);
    let is_jpeg = reader.format() == Some(ImageFormat::Jpeg);
    let picture = reader.decode().ok()?;
    let (width, height) = picture.dimensions();
    let longest = width.max(height);
    let mut sizes = Vec::new();
    for side in LONGEST_SIDES.into_iter().filter(|side| *side < longest) {
        sizes.push(encode(&picture.thumbnail(side, side))?);
    }
    let largest = LONGEST_SIDES[LONGEST_SIDES.len() - 1];
    if longest <= largest {
        sizes.push(if is_jpeg {
            let bytes = bytes.clone();
            Size { bytes, width, height }
        } else {
            encode(&picture)?
        });
    }
    Some(sizes)
}

/// A square of one colour.
pub(crate) fn plain(side: u32) -> Option<Size> {
    let colour = image::Rgb([120, 170, 230]);
    encode(&DynamicImage::from(image::RgbImage::from_pixel(side, side, colour)))
}

fn encode(picture: &DynamicImage) -> Option<Size> {
    const QUALITY: u8 = 87;
    let mut bytes = Vec::new();
    // JPEG knows no transparency.
    let picture = picture.to_rgb8();
    picture.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, QUALITY)).ok()?;
    let (width, height) = picture.dimensions();
    let bytes = bytes.into();
    Some(Size { bytes, width, height })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32) -> Bytes {
        let mut bytes = Cursor::new(Vec::new());
        DynamicImage::new_rgba8(width, height).write_to(&mut bytes, ImageFormat::Png).unwrap();
        bytes.into_inner().into()
    }

    #[test]
    fn a_large_picture_is_cut_down_and_a_small_one_kept() {
        let dimensions = |bytes| -> Vec<_> {
            let sizes = sizes(&bytes).unwrap();
            sizes.iter().map(|s| (s.width, s.height)).collect()
        };
        assert_eq!(dimensions(png(2560, 1280)), [(90, 45), (320, 160), (800, 400), (1280, 640)]);
        assert_eq!(dimensions(png(200, 100)), [(90, 45), (200, 100)]);
        assert_eq!(dimensions(png(20, 10)), [(20, 10)]);
    }

    #[test]
    fn nonsense_is_no_picture() {
        assert!(sizes(&Bytes::from_static(b"not a picture")).is_none());
    }
}
