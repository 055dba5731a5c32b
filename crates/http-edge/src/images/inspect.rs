use std::io::Cursor;

use axum::http::StatusCode;
use events::images::limits::{LONGEST_SIDE, MOST_PIXELS};
use image::{ImageFormat, ImageReader};

use crate::problem::Problem;

/// What a picture's first bytes say.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) content_type: &'static str,
    /// Pixels, before EXIF orientation.
    pub(super) width: u32,
    pub(super) height: u32,
}

/// Finds type and size from the bytes, never from a name. Only the header is read, and nothing is unpacked; whether
/// the rest is a picture is the media worker's to find out.
pub(super) fn inspect(bytes: &[u8]) -> Result<Header, Problem> {
    let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format()?;
    let content_type = match reader.format() {
        Some(ImageFormat::Jpeg) => "image/jpeg",
        Some(ImageFormat::Png) => "image/png",
        Some(ImageFormat::WebP) => "image/webp",
        _ => {
            return Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported_image",
                "Подойдут JPEG, PNG и WebP",
            ));
        }
    };
    let (width, height) = match content_type {
        // The decoder would unpack all that comes before the pixels, such as a colour profile.
        "image/png" => png_size(bytes).ok_or_else(|| invalid("the PNG header is missing"))?,
        _ => reader.into_dimensions().map_err(|error| invalid(&error.to_string()))?,
    };
    if width == 0 || height == 0 {
        return Err(invalid("the picture has no pixels"));
    }
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        return Err(Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "too_many_pixels",
            "Картинка больше 50 мегапикселей",
        ));
    }
    if width.max(height) > LONGEST_SIDE {
        return Err(Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "side_too_long",
            "Картинка длиннее 32 767 точек",
        ));
    }
    Ok(Header { content_type, width, height })
}

/// Width and height from the first chunk (ISO/IEC 15948, 11.2.2).
fn png_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let header = bytes.get(8..)?.strip_prefix(b"\0\0\0\x0dIHDR")?;
    let (width, rest) = header.split_first_chunk()?;
    let (height, rest) = rest.split_first_chunk()?;
    // Depth, colour, three methods, and the checksum.
    (rest.len() >= 5 + 4).then(|| (u32::from_be_bytes(*width), u32::from_be_bytes(*height)))
}

fn invalid(detail: &str) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_image", "Файл не читается как картинка")
        .detail(detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The beginning of a PNG of this size.
    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut chunk = b"IHDR".to_vec();
        chunk.extend(width.to_be_bytes());
        chunk.extend(height.to_be_bytes());
        chunk.extend([8, 2, 0, 0, 0]);
        let mut crc = !0_u32;
        for byte in &chunk {
            crc ^= u32::from(*byte);
            for _ in 0..8 {
                crc = if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 };
            }
        }
        let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\r".to_vec();
        png.extend(chunk);
        png.extend((!crc).to_be_bytes());
        png.extend(b"\0\0\0\0IDAT");
        png
    }

    /// Half a megabyte of which half a gigabyte would come.
    #[test]
    fn what_is_packed_into_a_png_stays_packed() {
        let mut file = png(1600, 1200);
        file.truncate(8 + 25);
        // A chunk that no decoder could pass: it is longer than the file.
        file.extend(b"\x7f\xff\xff\xffiCCPicc\0\0");
        assert_eq!(inspect(&file).unwrap().width, 1600);
    }

    fn code(bytes: &[u8]) -> &'static str {
        inspect(bytes).expect_err("refused").code
    }

    #[test]
    fn type_and_size_come_from_the_bytes() {
        assert_eq!(
            inspect(&png(1600, 1200)).unwrap(),
            Header { content_type: "image/png", width: 1600, height: 1200 }
        );
        assert_eq!(code(&png(10_000, 5_001)), "too_many_pixels");
        assert_eq!(code(&png(32_768, 10)), "side_too_long");
        assert_eq!(code(&png(0, 10)), "invalid_image");
        assert_eq!(code(b"\xff\xd8\xff\xe0\0\x10JFIF"), "invalid_image");
        assert_eq!(code(b"PK\x03\x04 a zip called cat.jpg"), "unsupported_image");
        assert_eq!(code(b"GIF89a"), "unsupported_image");
        assert_eq!(code(b""), "unsupported_image");
    }
}
