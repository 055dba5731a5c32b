//! What the benchmarks say is so.

#![cfg(target_os = "linux")]

use std::process::Command;

use image::RgbImage;
use media_worker::render::{Options, memory_bound};

/// The link that the bench renders is longer; the bound does not depend on it.
const LINK: &str = "https://example.org/";

#[test]
fn the_peak_of_memory_is_that_of_a_whole_render() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("picture.png");
    let pixels = RgbImage::from_fn(1600, 1200, |x, y| image::Rgb([x as u8, y as u8, (x ^ y) as u8]));
    pixels.save(&path).unwrap();
    let output =
        Command::new(env!("CARGO_BIN_EXE_vestnik")).args(["bench", "media", "--peak-of"]).arg(&path).output();
    let output = output.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let peak: u64 = String::from_utf8(output.stdout).unwrap().trim().parse().unwrap();
    let decoded = pixels.as_raw().len() as u64;
    let bound = memory_bound(&std::fs::read(&path).unwrap(), LINK, &Options::default()).unwrap();
    assert!(peak > decoded && peak < bound, "{peak} of {bound}, {decoded} for the pixels alone");
}
