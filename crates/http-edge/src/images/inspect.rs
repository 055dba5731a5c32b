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

/// Finds type and size from the bytes, never from a name. Only the header is read; whether the rest is a
/// picture is the media worker's to find out.
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
    let (width, height) = reader.into_dimensions().map_err(|error| invalid(&error.to_string()))?;
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
