use image::ExtendedColorType;

use crate::case::{Case, Expected};
use crate::headers::{jpeg_header, png_header};
use crate::pictures::{Jpeg, photo, png, webp};

pub(crate) fn cases() -> Vec<Case> {
    [cut(), other_files(), headers(), contradicting()].concat()
}

/// Sound files of each kind.
pub(crate) fn sound() -> Vec<(&'static str, Vec<u8>)> {
    let pixels = photo(300, 280, 1);
    let usual = Jpeg::default();
    vec![
        ("jpeg", usual.photo(300, 280)),
        ("progressive jpeg", Jpeg { progressive: true, ..usual.clone() }.photo(300, 280)),
        ("restarting jpeg", Jpeg { restart_interval: 5, ..usual.clone() }.photo(300, 280)),
        ("jpeg in scans", Jpeg { optimised: true, ..usual }.photo(300, 280)),
        ("png", png(&pixels, 300, 280, ExtendedColorType::Rgb8)),
        ("webp", webp(&pixels, 300, 280, ExtendedColorType::Rgb8)),
    ]
}

fn cut() -> Vec<Case> {
    let mut cases = Vec::new();
    for (name, file) in sound() {
        for percent in [1, 10, 50, 90, 99] {
            let file = file[..file.len() * percent / 100].to_vec();
            cases.push(Case::new(format!("{name} cut at {percent} %"), file, Expected::Refused("truncated")));
        }
    }
    cases
}

fn other_files() -> Vec<Case> {
    let files: [(&str, &[u8]); 16] = [
        ("a ZIP", b"PK\x03\x04\x14\0\0\0 called cat.jpg"),
        ("an empty ZIP", b"PK\x05\x06\0\0\0\0"),
        ("a GIF", b"GIF89a\x40\x01\x40\x01\xf7\0\0"),
        ("a BMP", b"BM\x36\0\0\0\0\0"),
        ("a TIFF", b"II*\0\x08\0\0\0"),
        ("a PDF", b"%PDF-1.7 ..."),
        ("a HEIC", b"\0\0\0\x20ftypheic\0\0\0\0"),
        ("an AVIF", b"\0\0\0\x20ftypavif\0\0\0\0"),
        ("a video", b"\0\0\0\x20ftypisom\0\0\0\0"),
        ("an SVG", b"<svg xmlns=''/>"),
        ("a web page", b"<!doctype html>"),
        ("a text", b"just some notes, renamed to .jpg"),
        ("a program", b"\x7fELF\x02\x01\x01"),
        ("a Photoshop document", b"8BPS\0\x01"),
        ("a JPEG XL", b"\xff\x0a\x00"),
        ("anything", b"\x01\x02\x03\xfe\xfd"),
    ];
    let mut cases: Vec<Case> = files
        .into_iter()
        .map(|(name, file)| {
            Case::new(format!("{name} instead"), file.to_vec(), Expected::Refused("unsupported_type"))
        })
        .collect();
    cases.push(Case::new("nothing", Vec::new(), Expected::Refused("empty")));
    cases.push(Case::new("too many bytes", vec![0xff; (20 << 20) + 1], Expected::Refused("too_large")));
    cases
}

fn headers() -> Vec<Case> {
    [
        ("no width", jpeg_header(0, 400, 0xc0, 8), "zero_size"),
        ("no height", jpeg_header(400, 0, 0xc0, 8), "zero_size"),
        ("a jpeg bomb", jpeg_header(65_535, 65_535, 0xc0, 8), "too_many_pixels"),
        ("a long jpeg", jpeg_header(65_535, 400, 0xc0, 8), "side_too_long"),
        ("no pixels", png_header(0, 0), "zero_size"),
        ("a png bomb", png_header(0x7fff_ffff, 0x7fff_ffff), "too_many_pixels"),
        ("a long png", png_header(40_000, 300), "side_too_long"),
        ("a lossless jpeg", jpeg_header(400, 400, 0xc3, 8), "unsupported_encoding"),
        ("an arithmetic jpeg", jpeg_header(400, 400, 0xc9, 8), "unsupported_encoding"),
        ("an arithmetic progressive jpeg", jpeg_header(400, 400, 0xca, 8), "unsupported_encoding"),
        ("a jpeg of 12 bits", jpeg_header(400, 400, 0xc1, 12), "unsupported_encoding"),
        ("an empty jpeg of 49 megapixels", jpeg_header(7_000, 7_000, 0xc0, 8), "corrupt"),
        ("an empty png of 49 megapixels", png_header(7_000, 7_000), "corrupt"),
    ]
    .into_iter()
    .map(|(name, file, code)| Case::new(name, file, Expected::Refused(code)))
    .collect()
}

fn contradicting() -> Vec<Case> {
    let [(_, jpeg), .., (_, webp)] = &sound()[..] else { return Vec::new() };
    let (_, png) = &sound()[4];
    let with = |file: &[u8], at: usize, byte: u8| {
        let mut file = file.to_vec();
        file[at] ^= byte;
        file
    };
    let two_frames = [&jpeg[..20], &frame_of(jpeg), &jpeg[20..]].concat();
    vec![
        Case::new("png with a wrong checksum", with(png, 30, 0xff), Expected::Refused("corrupt")),
        Case::new("png with a damaged picture", with(png, 60, 0xff), Expected::Refused("corrupt")),
        Case::new("jpeg with two frames", two_frames, Expected::Refused("corrupt")),
        Case::new("jpeg without a picture", b"\xff\xd8\xff\xd9".to_vec(), Expected::Refused("corrupt")),
        Case::new("webp longer than its file", with(webp, 6, 0x10), Expected::Refused("truncated")),
        Case::new(
            "webp that is said to move and has no frame",
            crate::webps::animated(webp, 300, 280, 0),
            Expected::Refused("truncated"),
        ),
    ]
}

/// The frame segment of a JPEG.
fn frame_of(file: &[u8]) -> Vec<u8> {
    let at = file.windows(4).position(|bytes| bytes == [0xff, 0xc0, 0, 17]).unwrap();
    file[at..at + 19].to_vec()
}
