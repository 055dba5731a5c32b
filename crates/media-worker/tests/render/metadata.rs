//! What a camera and an editor write beside the picture, and that none of it comes out.

use image::ExtendedColorType;
use media_worker::render::{Artifact, Options, Rendered, render};

use crate::pictures::{Jpeg, photo, png, webp};

/// Stands in every place where a file can tell on its owner.
const SECRET: &[u8] = b"GPS 55.7558N 37.6173E Ivan";

/// A TIFF block with an orientation, and a description and a GPS block that hold the secret.
pub(crate) fn exif(orientation: u8) -> Vec<u8> {
    let mut tiff = b"MM\0*\0\0\0\x08\0\x03".to_vec();
    let secret_at = 8 + 2 + 3 * 12 + 4;
    let gps_at = secret_at + SECRET.len() as u32;
    let mut entry = |tag: u16, kind: u16, count: u32, value: [u8; 4]| {
        tiff.extend(tag.to_be_bytes());
        tiff.extend(kind.to_be_bytes());
        tiff.extend(count.to_be_bytes());
        tiff.extend(value);
    };
    entry(0x010e, 2, SECRET.len() as u32, secret_at.to_be_bytes());
    entry(0x0112, 3, 1, [0, orientation, 0, 0]);
    entry(0x8825, 4, 1, gps_at.to_be_bytes());
    tiff.extend([0; 4]);
    tiff.extend(SECRET);
    // GPS directory: one entry, GPSProcessingMethod, pointing back at the secret.
    tiff.extend(1u16.to_be_bytes());
    tiff.extend(0x001b_u16.to_be_bytes());
    tiff.extend(7u16.to_be_bytes());
    tiff.extend((SECRET.len() as u32).to_be_bytes());
    tiff.extend(secret_at.to_be_bytes());
    tiff.extend([0; 4]);
    tiff
}

pub(crate) fn png_with_chunk(file: &[u8], kind: [u8; 4], data: &[u8]) -> Vec<u8> {
    let after_header = 8 + 25;
    let mut out = file[..after_header].to_vec();
    out.extend((data.len() as u32).to_be_bytes());
    out.extend(kind);
    out.extend(data);
    let checked: Vec<u8> = kind.iter().chain(data).copied().collect();
    out.extend(crc32(&checked).to_be_bytes());
    out.extend(&file[after_header..]);
    out
}

/// ISO 3309, as PNG uses it.
pub(crate) fn crc32(data: &[u8]) -> u32 {
    !data.iter().fold(!0, |mut crc, byte| {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg());
        }
        crc
    })
}

/// Wraps a simple WebP into the extended format with an EXIF chunk.
pub(crate) fn webp_with_exif(file: &[u8], width: u32, height: u32, exif: &[u8]) -> Vec<u8> {
    webp_with_chunk(file, width, height, 0b1000, b"EXIF", exif, false)
}

pub(crate) fn webp_with_chunk(
    file: &[u8],
    width: u32,
    height: u32,
    flags: u8,
    kind: &[u8],
    data: &[u8],
    before: bool,
) -> Vec<u8> {
    let mut extra = kind.to_vec();
    extra.extend((data.len() as u32).to_le_bytes());
    extra.extend(data);
    extra.extend(vec![0; data.len() % 2]);
    let mut body = b"WEBPVP8X\x0a\0\0\0".to_vec();
    body.extend([flags, 0, 0, 0]);
    body.extend(&(width - 1).to_le_bytes()[..3]);
    body.extend(&(height - 1).to_le_bytes()[..3]);
    if before {
        body.extend(&extra);
    }
    body.extend(&file[12..]);
    if !before {
        body.extend(&extra);
    }
    let mut out = b"RIFF".to_vec();
    out.extend((body.len() as u32).to_le_bytes());
    out.extend(body);
    out
}

/// A JPEG segment after the first marker.
pub(crate) fn jpeg_with_segment(file: &[u8], marker: u8, data: &[u8]) -> Vec<u8> {
    let mut out = file[..2].to_vec();
    out.extend([0xff, marker]);
    out.extend((data.len() as u16 + 2).to_be_bytes());
    out.extend(data);
    out.extend(&file[2..]);
    out
}

fn assert_silent(rendered: &Rendered, name: &str) {
    let outputs: [&Artifact; 4] =
        [&rendered.processed, &rendered.qr_png, &rendered.qr_svg, &rendered.thumbnail];
    for output in outputs {
        for trace in [SECRET, b"Exif", b"http://ns.adobe.com", b"Photoshop"] {
            let found = output.bytes.windows(trace.len()).any(|w| w == trace);
            assert!(!found, "{name}: {} tells", output.media_type);
        }
    }
}

#[test]
fn no_metadata_comes_out() {
    let link = "https://example.org";
    let xmp = [b"http://ns.adobe.com/xap/1.0/\0".as_slice(), SECRET].concat();
    let iptc = [b"Photoshop 3.0\0".as_slice(), SECRET].concat();
    for (progressive, orientation) in [(false, 1), (false, 6), (true, 1)] {
        let jpeg = Jpeg { progressive, exif: Some(exif(orientation)), ..Jpeg::default() };
        let mut file = jpeg.photo(500, 500);
        for (marker, data) in [(0xe1, &*xmp), (0xed, &*iptc), (0xfe, SECRET)] {
            file = jpeg_with_segment(&file, marker, data);
        }
        file.extend(SECRET); // behind the end of the picture
        let rendered = render(&file, link, &Options::default()).unwrap();
        assert_silent(&rendered, &format!("JPEG {progressive} {orientation}"));
    }

    let text = [b"Comment\0".as_slice(), SECRET].concat();
    let mut file = png(&photo(500, 500, 1), 500, 500, ExtendedColorType::Rgb8);
    file = png_with_chunk(&file, *b"tEXt", &text);
    file = png_with_chunk(&file, *b"eXIf", &exif(1));
    let rendered = render(&file, link, &Options::default()).unwrap();
    assert_silent(&rendered, "PNG");

    let file = webp(&photo(500, 500, 1), 500, 500, ExtendedColorType::Rgb8);
    let file = webp_with_exif(&file, 500, 500, &exif(1));
    let rendered = render(&file, link, &Options::default()).unwrap();
    assert_silent(&rendered, "WebP");
}
