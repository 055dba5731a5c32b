//! Kinds of JPEG: each is spliced or decoded, and looks the same afterwards.

use image::metadata::Orientation;
use image::{DynamicImage, RgbImage};
use jpeg_encoder::{ColorType, SamplingFactor};
use media_worker::render::{Options, Rendered, render};

use crate::metadata::exif;
use crate::pictures::{Jpeg, photo};
use crate::reading::assert_reads;

const LINK: &str = "https://example.org/jpegs/1";

fn decode(file: &[u8]) -> RgbImage {
    image::load_from_memory(file).unwrap().into_rgb8()
}

/// Pixels that are more than one MCU away from the plate, before and after; colour is smoothed over MCUs.
fn outside(before: &RgbImage, rendered: &Rendered) -> Vec<(u8, u8)> {
    let after = decode(&rendered.processed.bytes);
    assert_eq!(before.dimensions(), after.dimensions());
    let plate = rendered.geometry.plate;
    let far = |at: u32, start: u32, length: u32| at + 32 < start || at > start + length + 32;
    before
        .enumerate_pixels()
        .zip(after.pixels())
        .filter(|((x, y, _), _)| far(*x, plate.x, plate.width) || far(*y, plate.y, plate.height))
        .flat_map(|((.., before), after)| before.0.into_iter().zip(after.0))
        .collect()
}

fn mean_difference(pairs: &[(u8, u8)]) -> f64 {
    let off: u64 = pairs.iter().map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    off as f64 / pairs.len() as f64
}

fn assert_lossless(jpeg: &Jpeg, width: u32, height: u32) {
    let channels = if jpeg.color == ColorType::Luma { 1 } else { 3 };
    let pixels = photo(width, height, 7);
    let pixels = &pixels[..(width * height * channels) as usize];
    let file = jpeg.encode(pixels, width, height);
    let rendered = render(&file, LINK, &Options::default()).unwrap();
    assert_reads(&rendered, LINK);
    let changed = outside(&decode(&file), &rendered).iter().filter(|(before, after)| before != after).count();
    assert_eq!(changed, 0, "{jpeg:?} {width}x{height}");
}

#[test]
fn a_baseline_jpeg_loses_nothing_outside_the_plate() {
    for sampling in
        [SamplingFactor::F_1_1, SamplingFactor::F_2_1, SamplingFactor::F_1_2, SamplingFactor::F_2_2]
    {
        for (width, height) in [(512, 480), (501, 397)] {
            let jpeg = Jpeg { sampling, ..Jpeg::default() };
            assert_lossless(&jpeg, width, height);
        }
    }
}

#[test]
fn restart_markers_are_carried_over() {
    for restart_interval in [1, 7, 32, 33, 500] {
        let jpeg = Jpeg { restart_interval, ..Jpeg::default() };
        assert_lossless(&jpeg, 509, 403);
    }
}

#[test]
fn grey_stays_grey() {
    let jpeg = Jpeg { color: ColorType::Luma, ..Jpeg::default() };
    assert_lossless(&jpeg, 450, 410);
    let file = jpeg.encode(&photo(450, 410, 7)[..450 * 410], 450, 410);
    let rendered = render(&file, LINK, &Options::default()).unwrap();
    for output in [&rendered.processed, &rendered.thumbnail] {
        let after = image::load_from_memory(&output.bytes).unwrap();
        assert_eq!(after.color(), image::ColorType::L8);
    }
}

#[test]
fn what_cannot_be_spliced_is_encoded_anew_and_looks_the_same() {
    let progressive = Jpeg { progressive: true, ..Jpeg::default() };
    let odd_progressive = Jpeg { sampling: SamplingFactor::F_2_1, ..progressive.clone() };
    let separate_scans = Jpeg { optimised: true, sampling: SamplingFactor::F_1_1, ..Jpeg::default() };
    for (jpeg, width, height) in
        [(&progressive, 512, 400), (&odd_progressive, 413, 391), (&separate_scans, 413, 391)]
    {
        let file = jpeg.photo(width, height);
        let rendered = render(&file, LINK, &Options::default()).unwrap();
        assert_reads(&rendered, LINK);
        let mean = mean_difference(&outside(&decode(&file), &rendered));
        assert!(mean < 2.0, "{jpeg:?}: off by {mean}");
    }
}

#[test]
fn subsampled_colours_in_scans_of_their_own_are_not_ruined() {
    let together = Jpeg::default().photo(400, 400);
    let apart = Jpeg { optimised: true, ..Jpeg::default() }.photo(400, 400);
    let rendered = render(&apart, LINK, &Options::default()).unwrap();
    assert_reads(&rendered, LINK);
    let mean = mean_difference(&outside(&decode(&together), &rendered));
    assert!(mean < 2.0, "off by {mean}");
}

#[test]
fn a_jpeg_on_its_side_is_turned_without_loss_where_its_blocks_allow() {
    let samplings =
        [SamplingFactor::F_2_2, SamplingFactor::F_2_1, SamplingFactor::F_1_2, SamplingFactor::F_1_1];
    for number in 2..=8 {
        for (at, sampling) in samplings.into_iter().enumerate() {
            // Whole MCUs; whole ones across only; and neither, where the picture is encoded anew.
            for (width, height, lossless) in [(480, 400, true), (480, 393, false), (471, 393, false)] {
                let jpeg = Jpeg {
                    sampling,
                    exif: Some(exif(number)),
                    restart_interval: if at % 2 == 0 { 11 } else { 0 },
                    ..Jpeg::default()
                };
                let file = jpeg.photo(width, height);
                let rendered = render(&file, LINK, &Options::default()).unwrap();
                assert_reads(&rendered, LINK);
                let mut upright = DynamicImage::ImageRgb8(decode(&file));
                upright.apply_orientation(Orientation::from_exif(number).unwrap());
                let mean = mean_difference(&outside(&upright.into_rgb8(), &rendered));
                let most = if lossless { 0.2 } else { 2.0 };
                assert!(mean < most, "{number} {sampling:?} {width}x{height}: off by {mean}");
            }
        }
    }
}
