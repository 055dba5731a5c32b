//! Files that say what picture they hold, and hold none.

use image::ExtendedColorType;

use crate::pictures::png;

/// A JPEG frame header, and nothing of a picture.
pub(crate) fn jpeg_header(width: u16, height: u16, frame: u8, precision: u8) -> Vec<u8> {
    let mut file = vec![0xff, 0xd8, 0xff, frame, 0, 11, precision];
    file.extend(height.to_be_bytes());
    file.extend(width.to_be_bytes());
    file.extend([1, 1, 0x11, 0]);
    file.extend([0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0, 0x12, 0xff, 0xd9]);
    file
}

pub(crate) fn png_header(width: u32, height: u32) -> Vec<u8> {
    let mut file = png(&[0; 3], 1, 1, ExtendedColorType::Rgb8);
    file[16..20].copy_from_slice(&width.to_be_bytes());
    file[20..24].copy_from_slice(&height.to_be_bytes());
    file
}
