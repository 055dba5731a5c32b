//! All eight EXIF orientations, in all three formats.

use image::metadata::Orientation;
use image::{DynamicImage, ExtendedColorType, RgbImage};
use media_worker::render::{Format, Limits, Options, inspect, render};

use crate::metadata::{exif, png_with_chunk, webp_with_exif};
use crate::pictures::{Jpeg, png, webp};
use crate::reading::assert_reads;

const LINK: &str = "https://example.org/upright";
const WIDTH: u32 = 480;
const HEIGHT: u32 = 400;

/// Red, green, blue and grey quarters.
fn quarters() -> DynamicImage {
    let picture = RgbImage::from_fn(WIDTH, HEIGHT, |x, y| {
        image::Rgb(match (x < WIDTH / 2, y < HEIGHT / 2) {
            (true, true) => [220, 30, 30],
            (false, true) => [30, 200, 30],
            (true, false) => [30, 30, 220],
            (false, false) => [120, 120, 120],
        })
    });
    DynamicImage::ImageRgb8(picture)
}

/// The quarters as a camera held in this orientation stores them.
fn stored(orientation: Orientation) -> RgbImage {
    let inverse = match orientation {
        Orientation::Rotate90 => Orientation::Rotate270,
        Orientation::Rotate270 => Orientation::Rotate90,
        own => own,
    };
    let mut picture = quarters();
    picture.apply_orientation(inverse);
    picture.into_rgb8()
}

fn assert_upright(file: &[u8], format: Format, name: &str) {
    let found = inspect(file, &Limits::default()).unwrap();
    assert_eq!((found.format, found.width, found.height), (format, WIDTH, HEIGHT), "{name}");
    let rendered = render(file, LINK, &Options::default()).unwrap();
    assert_eq!((rendered.width, rendered.height), (WIDTH, HEIGHT), "{name}");
    assert_reads(&rendered, LINK);
    let after = image::load_from_memory(&rendered.processed.bytes).unwrap().into_rgb8();
    let thumbnail = image::load_from_memory(&rendered.thumbnail.bytes).unwrap().into_rgb8();
    for picture in [after, thumbnail] {
        let (width, height) = picture.dimensions();
        let brightest = |x: u32, y: u32| {
            let pixel = picture.get_pixel(x, y).0;
            (0..3).max_by_key(|channel| pixel[*channel]).unwrap()
        };
        assert_eq!(brightest(20, 20), 0, "{name}: red is upper left");
        assert_eq!(brightest(width - 20, 20), 1, "{name}: green is upper right");
        assert_eq!(brightest(20, height - 20), 2, "{name}: blue is lower left");
    }
}

#[test]
fn every_orientation_comes_out_upright() {
    for number in 1..=8 {
        let orientation = Orientation::from_exif(number).unwrap();
        let picture = stored(orientation);
        let (width, height) = picture.dimensions();
        let tag = exif(number);

        let jpeg = Jpeg { exif: Some(tag.clone()), ..Jpeg::default() };
        let jpeg = jpeg.encode(&picture, width, height);
        assert_upright(&jpeg, Format::Jpeg, &format!("JPEG {number}"));

        let plain = png(&picture, width, height, ExtendedColorType::Rgb8);
        let plain = png_with_chunk(&plain, *b"eXIf", &tag);
        assert_upright(&plain, Format::Png, &format!("PNG {number}"));

        let plain = webp(&picture, width, height, ExtendedColorType::Rgb8);
        let plain = webp_with_exif(&plain, width, height, &tag);
        assert_upright(&plain, Format::WebP, &format!("WebP {number}"));
    }
}
