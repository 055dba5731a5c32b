//! Everything that is not a picture to render: an error with a code, at once. More such files are in the corpus, and
//! what is damaged at random.

use std::time::{Duration, Instant};

use image::ExtendedColorType;
use media_worker::render::{Limits, Options, RenderError, render};

use crate::headers::{jpeg_header, png_header};
use crate::pictures::{Jpeg, photo, png, webp};

const LINK: &str = "https://example.org";

fn refuse(file: &[u8]) -> RenderError {
    match render(file, LINK, &Options::default()) {
        Ok(_) => panic!("{} bytes were taken", file.len()),
        Err(error) => error,
    }
}

#[test]
fn other_files_are_told_by_what_they_are() {
    let zip = [b"PK\x03\x04\x14\0\0\0".as_slice(), &[7; 300]].concat();
    for (file, code, word) in [
        (&b""[..], "empty", "empty"),
        (b"just some notes, renamed to .jpg", "unsupported_type", "text"),
        (&zip, "unsupported_type", "ZIP"),
        (b"GIF89a\x40\x01\x40\x01\xf7\0\0", "unsupported_type", "GIF"),
        (b"%PDF-1.7 ...", "unsupported_type", "PDF"),
        (b"\0\0\0\x20ftypheic\0\0\0\0", "unsupported_type", "HEIC"),
        (b"<svg xmlns=''/>", "unsupported_type", "SVG"),
        (b"\x01\x02\x03\xfe\xfd", "unsupported_type", "unknown"),
        (b"\x89PNG", "truncated", "ends before"),
        (b"\xff\xd8\xff", "truncated", "ends before"),
        (b"RIFF\x10\0\0\0", "truncated", "ends before"),
    ] {
        let error = refuse(file);
        assert_eq!(error.code(), code, "{error}");
        assert!(error.to_string().contains(word), "{error}");
        assert!(error.to_string().ends_with('.'), "{error}");
    }
}

#[test]
fn sizes_are_refused_before_decoding() {
    let started = Instant::now();
    for (file, code) in [
        (jpeg_header(0, 400, 0xc0, 8), "zero_size"),
        (jpeg_header(400, 0, 0xc0, 8), "zero_size"),
        (jpeg_header(65_535, 65_535, 0xc0, 8), "too_many_pixels"),
        (jpeg_header(65_535, 400, 0xc0, 8), "side_too_long"),
        (png_header(0, 0), "zero_size"),
        (png_header(0x7fff_ffff, 0x7fff_ffff), "too_many_pixels"),
        (png_header(u32::MAX, u32::MAX), "too_many_pixels"),
        (png_header(40_000, 300), "side_too_long"),
        (png_header(1, 30_000), "too_small"),
        (png_header(20, 20), "too_small"),
    ] {
        assert_eq!(refuse(&file).code(), code);
    }
    assert!(started.elapsed() < Duration::from_secs(1));

    let big = Options { limits: Limits { max_bytes: 1_000, ..Limits::default() }, ..Options::default() };
    let file = Jpeg::default().photo(300, 300);
    let error = render(&file, LINK, &big).unwrap_err();
    assert_eq!(error.code(), "too_large");
}

#[test]
fn a_bomb_header_takes_no_memory_and_no_time() {
    // 49 megapixels are allowed, but there is nothing behind the header.
    let started = Instant::now();
    for file in [png_header(7_000, 7_000), jpeg_header(7_000, 7_000, 0xc0, 8)] {
        let code = refuse(&file).code();
        assert!(matches!(code, "corrupt" | "truncated"), "{code}");
    }
    assert!(started.elapsed() < Duration::from_secs(5));
}

#[test]
fn a_file_cut_anywhere_is_refused() {
    let progressive = Jpeg { progressive: true, ..Jpeg::default() };
    let pixels = photo(300, 280, 1);
    let files = [
        Jpeg::default().photo(300, 280),
        progressive.photo(300, 280),
        png(&pixels, 300, 280, ExtendedColorType::Rgb8),
        webp(&pixels, 300, 280, ExtendedColorType::Rgb8),
    ];
    for file in files {
        let last = file.len() - 40;
        for length in (0..300).chain((300..last).step_by(last / 60)) {
            let error = refuse(&file[..length]);
            let fine = matches!(error.code(), "empty" | "truncated" | "corrupt");
            assert!(fine, "cut at {length} of {}: {error}", file.len());
        }
    }
}
