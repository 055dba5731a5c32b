//! Colour profiles come out as they went in; every kind of pixel is taken or refused clearly.

use std::io::Cursor;

use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, ImageDecoder, ImageEncoder, ImageFormat, ImageReader};
use jpeg_encoder::ColorType;
use media_worker::render::{Artifact, Note, Options, render};

use crate::metadata::webp_with_chunk;
use crate::pictures::{Jpeg, photo, png, webp};
use crate::reading::assert_reads;

const LINK: &str = "https://example.org/colour";

/// Not a real profile, but nobody here looks into it.
fn profile(bytes: usize) -> Vec<u8> {
    (0..bytes).map(|at| (at * 31 % 251) as u8).collect()
}

fn profile_of(file: &Artifact) -> Option<Vec<u8>> {
    let mut reader = ImageReader::new(Cursor::new(&file.bytes));
    reader.set_format(ImageFormat::from_mime_type(file.media_type).unwrap());
    reader.into_decoder().unwrap().icc_profile().unwrap()
}

#[test]
fn profiles_survive() {
    // The second takes two segments of a JPEG.
    for size in [600, 100_000] {
        let icc = profile(size);
        for (progressive, exif) in [(false, None), (true, None), (false, Some(crate::metadata::exif(3)))] {
            let jpeg = Jpeg { icc: Some(icc.clone()), progressive, exif, ..Jpeg::default() };
            let rendered = render(&jpeg.photo(400, 400), LINK, &Options::default()).unwrap();
            assert_eq!(profile_of(&rendered.processed).as_ref(), Some(&icc));
            let small = profile_of(&rendered.thumbnail);
            assert_eq!(small.is_some(), size < 16_384, "thumbnails stay small");
        }

        let mut file = Vec::new();
        let mut encoder = PngEncoder::new(&mut file);
        encoder.set_icc_profile(icc.clone()).unwrap();
        encoder.write_image(&photo(400, 400, 2), 400, 400, ExtendedColorType::Rgb8).unwrap();
        let rendered = render(&file, LINK, &Options::default()).unwrap();
        assert_eq!(profile_of(&rendered.processed).as_ref(), Some(&icc));

        let file = webp(&photo(400, 400, 2), 400, 400, ExtendedColorType::Rgb8);
        let file = webp_with_chunk(&file, 400, 400, 0b10_0000, b"ICCP", &icc, true);
        let rendered = render(&file, LINK, &Options::default()).unwrap();
        assert_eq!(profile_of(&rendered.processed).as_ref(), Some(&icc));
    }
}

#[test]
fn sixteen_bits_become_eight() {
    let eight = photo(300, 300, 9);
    let sixteen: Vec<u8> = eight.iter().flat_map(|sample| (u16::from(*sample) * 257).to_ne_bytes()).collect();
    let file = png(&sixteen, 300, 300, ExtendedColorType::Rgb16);
    let rendered = render(&file, LINK, &Options::default()).unwrap();
    assert_reads(&rendered, LINK);
    let after = image::load_from_memory(&rendered.processed.bytes).unwrap();
    assert_eq!(after.color(), image::ColorType::Rgb8);
    assert_eq!(after.into_rgb8().as_raw()[..300], eight[..300]);
}

#[test]
fn grey_and_transparency_are_kept() {
    let grey: Vec<u8> = photo(300, 300, 4).chunks(3).map(|rgb| rgb[1]).collect();
    let grey_alpha: Vec<u8> = grey.iter().flat_map(|luma| [*luma, 77]).collect();
    let rgba: Vec<u8> = grey.iter().flat_map(|luma| [*luma, 9, 200, 77]).collect();
    for (pixels, color, expected) in [
        (&grey, ExtendedColorType::L8, image::ColorType::L8),
        (&grey_alpha, ExtendedColorType::La8, image::ColorType::La8),
        (&rgba, ExtendedColorType::Rgba8, image::ColorType::Rgba8),
    ] {
        let file = png(pixels, 300, 300, color);
        let rendered = render(&file, LINK, &Options::default()).unwrap();
        let after = image::load_from_memory(&rendered.processed.bytes).unwrap();
        assert_eq!(after.color(), expected);
        let plain = after.into_rgba8();
        let has_alpha = expected.has_alpha();
        assert_eq!(plain.get_pixel(2, 2).0[3], if has_alpha { 77 } else { 255 });
        assert!(rendered.read_back.passed());
    }
}

/// Inks of a pixel, 255 for all of it.
fn inked(inks: [u8; 4], color: ColorType) -> Vec<u8> {
    // Stored inverted, as Adobe does.
    Jpeg { color, quality: 100, ..Jpeg::default() }.encode(&inks.repeat(300 * 300), 300, 300)
}

fn first_pixel(file: &[u8]) -> [u8; 3] {
    let rendered = render(file, LINK, &Options::default()).unwrap();
    assert_reads(&rendered, LINK);
    assert_eq!(rendered.notes, [Note::ConvertedFromCmyk]);
    assert_eq!(profile_of(&rendered.processed), None, "sRGB needs none");
    image::load_from_memory(&rendered.processed.bytes).unwrap().into_rgb8().get_pixel(20, 20).0
}

fn assert_near(found: [u8; 3], expected: [u8; 3]) {
    let off = found.iter().zip(expected).map(|(a, b)| a.abs_diff(b)).max();
    assert!(off <= Some(4), "{found:?}, not {expected:?}");
}

#[test]
fn inks_become_the_colours_that_they_print() {
    for (inks, expected) in [
        ([0, 0, 0, 0], [255, 255, 255]),
        ([255, 0, 0, 0], [0, 255, 255]),
        ([0, 255, 0, 0], [255, 0, 255]),
        ([0, 0, 255, 0], [255, 255, 0]),
        ([0, 0, 0, 255], [0, 0, 0]),
        ([100, 50, 20, 40], [131, 173, 198]),
    ] {
        for color in [ColorType::Cmyk, ColorType::CmykAsYcck] {
            assert_near(first_pixel(&inked(inks, color)), expected);
        }
    }
}

#[test]
fn inks_without_the_mark_of_adobe_are_not_inverted() {
    let mut file = inked([0, 255, 255, 255], ColorType::Cmyk);
    let at = file.windows(5).position(|bytes| bytes == b"Adobe").unwrap();
    file.drain(at - 4..at + 12);
    assert_near(first_pixel(&file), [0, 255, 255]);
}

#[test]
fn the_profile_of_the_inks_is_used_and_a_broken_one_is_not() {
    let with = |icc: Vec<u8>| {
        let jpeg = Jpeg { color: ColorType::Cmyk, quality: 100, icc: Some(icc), ..Jpeg::default() };
        jpeg.encode(&[255, 0, 0, 0].repeat(300 * 300), 300, 300)
    };
    // Full cyan, which this profile calls a mid grey.
    let [red, green, blue] = first_pixel(&with(crate::profile::inks()));
    assert!((110..130).contains(&red) && red.abs_diff(green) < 6 && red.abs_diff(blue) < 6, "{red}");
    assert_near(first_pixel(&with(profile(600))), [0, 255, 255]);
}
