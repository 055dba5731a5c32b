//! The code is in the published file, where and as large as promised, and a reader of others finds it.

use image::{ExtendedColorType, GrayImage};
use media_worker::render::{Options, Rect, Rendered, render};
use proptest::prelude::*;

use crate::pictures::{Jpeg, photo, png, webp};

/// Decodes a file with the `image` crate and cuts out the plate.
pub(crate) fn plate(rendered: &Rendered) -> GrayImage {
    let picture = image::load_from_memory(&rendered.processed.bytes).unwrap().into_luma8();
    assert_eq!(picture.dimensions(), (rendered.width, rendered.height), "the size is not as said");
    let Rect { x, y, width, height } = rendered.geometry.plate;
    image::imageops::crop_imm(&picture, x, y, width, height).to_image()
}

/// What rqrr finds by itself: threshold, finder patterns, perspective.
pub(crate) fn read(picture: &GrayImage) -> Option<String> {
    let (width, height) = picture.dimensions();
    let mut prepared =
        rqrr::PreparedImage::prepare_from_greyscale(width as usize, height as usize, |x, y| {
            picture.get_pixel(x as u32, y as u32).0[0]
        });
    let grids = prepared.detect_grids();
    grids.first()?.decode().ok().map(|(_, content)| content)
}

pub(crate) fn assert_reads(rendered: &Rendered, link: &str) {
    assert_eq!(read(&plate(rendered)).as_deref(), Some(link));
    assert!(rendered.read_back.passed());
    let code = image::load_from_memory(&rendered.qr_png.bytes).unwrap();
    assert_eq!(read(&code.into_luma8()).as_deref(), Some(link));
}

/// Quarter to fifth of the short side, at least four pixels a module, in the corner, quiet.
fn assert_geometry(rendered: &Rendered) {
    let geometry = rendered.geometry;
    let short = rendered.width.min(rendered.height);
    let side = geometry.modules * geometry.module_px;
    assert!(geometry.module_px >= 4);
    assert_eq!(geometry.modules, 17 + 4 * u32::from(geometry.version));
    assert!(matches!(geometry.ec_level, 'Q' | 'H'));
    if rendered.attempts == 1 && geometry.module_px > 4 {
        assert!(side * 4 <= short, "{side} of {short} is more than 25 %");
        assert!(side * 5 >= short, "{side} of {short} is less than 20 %");
    }
    let plate = geometry.plate;
    assert!(plate.x + plate.width < rendered.width);
    assert!(plate.y + plate.height < rendered.height);
    assert!(plate.x > rendered.width / 5 && plate.y > rendered.height / 5);

    // Around the code lie five light modules, four of them the quiet zone.
    let picture = self::plate(rendered);
    let px = geometry.module_px;
    for (x, y, pixel) in picture.enumerate_pixels() {
        let into = |at: u32| at.min(plate.width - 1 - at);
        let near = into(x).min(into(y));
        if (px..5 * px - 2).contains(&near) {
            assert!(pixel.0[0] > 190, "{x},{y} in the quiet zone is {pixel:?}");
        }
    }
}

#[test]
fn a_jpeg_stays_a_jpeg_and_reads() {
    let link = "https://example.org/t/0192f7c4-7c1e-7b43-9d55-4f0e6a1f2b3c";
    let rendered = render(&Jpeg::default().photo(900, 700), link, &Options::default()).unwrap();
    assert_eq!(rendered.processed.media_type, "image/jpeg");
    assert_reads(&rendered, link);
    assert_geometry(&rendered);
}

#[test]
fn a_png_stays_a_png_and_loses_nothing_outside_the_plate() {
    let pixels = photo(640, 520, 3);
    let file = png(&pixels, 640, 520, ExtendedColorType::Rgb8);
    let rendered = render(&file, "https://example.org/a", &Options::default()).unwrap();
    assert_eq!(rendered.processed.media_type, "image/png");
    assert_reads(&rendered, "https://example.org/a");
    let after = image::load_from_memory(&rendered.processed.bytes).unwrap().into_rgb8();
    let plate = rendered.geometry.plate;
    for (x, y, pixel) in after.enumerate_pixels() {
        if x < plate.x || y < plate.y {
            let at = 3 * (y * 640 + x) as usize;
            assert_eq!(pixel.0, pixels[at..at + 3], "{x},{y}");
        }
    }
}

#[test]
fn webp_becomes_jpeg_or_if_transparent_png() {
    let opaque = webp(&photo(500, 500, 5), 500, 500, ExtendedColorType::Rgb8);
    let rendered = render(&opaque, "https://example.org", &Options::default()).unwrap();
    assert_eq!(rendered.processed.media_type, "image/jpeg");
    assert_reads(&rendered, "https://example.org");

    let rgba: Vec<u8> = photo(500, 500, 5).chunks(3).flat_map(|rgb| [rgb[0], rgb[1], rgb[2], 90]).collect();
    let see_through = webp(&rgba, 500, 500, ExtendedColorType::Rgba8);
    let rendered = render(&see_through, "https://example.org", &Options::default()).unwrap();
    assert_eq!(rendered.processed.media_type, "image/png");
    let after = image::load_from_memory(&rendered.processed.bytes).unwrap().into_rgba8();
    let plate = rendered.geometry.plate;
    assert_eq!(after.get_pixel(1, 1).0[3], 90);
    let middle = (plate.x + plate.width / 2, plate.y + plate.height / 2);
    assert_eq!(after.get_pixel(middle.0, middle.1).0[3], 255);
}

#[test]
fn a_coarse_jpeg_still_reads() {
    for quality in [5, 12, 25, 40] {
        let jpeg = Jpeg { quality, ..Jpeg::default() };
        let link = "https://example.org/tasks/42?utm_source=vestnik";
        let rendered = render(&jpeg.photo(640, 640), link, &Options::default()).unwrap();
        assert_reads(&rendered, link);
    }
}

#[test]
fn corners_outside_the_quiet_zone_are_round() {
    let black = vec![0; 600 * 600 * 3];
    let file = png(&black, 600, 600, ExtendedColorType::Rgb8);
    let rendered = render(&file, "https://example.org", &Options::default()).unwrap();
    let picture = plate(&rendered);
    let last = picture.width() - 1;
    for (x, y) in [(0, 0), (last, 0), (0, last), (last, last)] {
        assert_eq!(picture.get_pixel(x, y).0[0], 0, "the corner is cut");
    }
    assert_eq!(picture.get_pixel(last / 2, 0).0[0], 255);
    assert_geometry(&rendered);
}

#[test]
fn the_thumbnail_is_small_and_shows_the_picture() {
    // Large enough for a quarter, for an eighth, and neither.
    for (width, height) in [(1400, 1050), (2600, 700), (500, 400)] {
        let file = Jpeg::default().photo(width, height);
        let rendered = render(&file, "https://example.org", &Options::default()).unwrap();
        let small = image::load_from_memory(&rendered.thumbnail.bytes).unwrap().into_rgb8();
        assert_eq!(small.width().max(small.height()), 320);
        let large = image::load_from_memory(&rendered.processed.bytes).unwrap();
        let expected = large
            .resize_exact(small.width(), small.height(), image::imageops::FilterType::Triangle)
            .into_rgb8();
        let off: u64 = small.iter().zip(expected.iter()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
        let mean = off as f64 / small.len() as f64;
        assert!(mean < 4.0, "{width}x{height}: off by {mean}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_link_on_any_size_reads_or_is_refused_for_its_size(
        width in 230u32..1100,
        height in 230u32..900,
        path in "[a-zA-Z0-9/?=&%._~-]{1,300}",
        kind in 0..3,
    ) {
        let link = format!("https://example.org/{path}");
        let pixels = photo(width, height, width ^ height);
        let file = match kind {
            0 => Jpeg::default().encode(&pixels, width, height),
            1 => Jpeg { progressive: true, ..Jpeg::default() }.encode(&pixels, width, height),
            _ => png(&pixels, width, height, ExtendedColorType::Rgb8),
        };
        match render(&file, &link, &Options::default()) {
            Ok(rendered) => {
                assert_reads(&rendered, &link);
                assert_geometry(&rendered);
            }
            Err(error) => prop_assert_eq!(error.code(), "too_small"),
        }
    }
}
