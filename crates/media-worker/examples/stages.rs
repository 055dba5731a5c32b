//! Times a render by stage, best of several: of the files named, or of the three pictures of the targets.
//!
//! `cargo run --release -p media-worker --example stages [FILE…]`

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a bench prints, and stops when something is wrong"
)]

use std::time::Instant;

use image::ExtendedColorType;
use media_worker::render::{Options, Rendered, render};

#[path = "../tests/render/pictures.rs"]
#[expect(dead_code, reason = "shared with the tests, which use all of it")]
mod pictures;

const LINK: &str = "https://example.org/tasks/0192f7c4-7c1e-7b43-9d55-4f0e6a1f2b3c?ref=vestnik";
const ROUNDS: usize = 15;

fn main() {
    let files: Vec<String> = std::env::args().skip(1).collect();
    let cases: Vec<(String, Vec<u8>)> = if files.is_empty() {
        targets()
    } else {
        let read = |file: String| {
            let bytes = std::fs::read(&file).expect("a readable file");
            (file, bytes)
        };
        files.into_iter().map(read).collect()
    };
    println!(
        "milliseconds         total  decode overlay  encode  thumb  read-back  hash  | only decoding | attempts, bytes in/out"
    );
    for (name, bytes) in cases {
        let rounds = (0..ROUNDS).map(|_| render(&bytes, LINK, &Options::default()));
        let best = rounds.map(Result::unwrap).min_by_key(|rendered| rendered.stages.total()).unwrap();
        line(&name, &best, &bytes);
    }
}

fn targets() -> Vec<(String, Vec<u8>)> {
    let jpeg = pictures::Jpeg::default();
    let progressive = pictures::Jpeg { progressive: true, ..jpeg.clone() };
    // TIFF with one entry: orientation 6.
    let exif = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0".to_vec();
    let turned = pictures::Jpeg { exif: Some(exif), ..jpeg.clone() };
    let square = pictures::photo(1080, 1080, 7);
    vec![
        ("12 MP JPEG".into(), jpeg.photo(4000, 3000)),
        ("2 MP JPEG".into(), jpeg.photo(1600, 1200)),
        ("1080² PNG".into(), pictures::png(&square, 1080, 1080, ExtendedColorType::Rgb8)),
        ("12 MP turned".into(), turned.photo(4032, 3024)),
        ("12 MP progressive".into(), progressive.photo(4000, 3000)),
    ]
}

/// Milliseconds that the `image` crate takes to decode the file: a limit from the same run.
fn decoding(bytes: &[u8]) -> f64 {
    let round = |_| {
        let start = Instant::now();
        image::load_from_memory(bytes).unwrap();
        start.elapsed().as_secs_f64() * 1000.0
    };
    (0..ROUNDS).map(round).fold(f64::INFINITY, f64::min)
}

fn line(name: &str, rendered: &Rendered, bytes: &[u8]) {
    let s = rendered.stages;
    let ms = |micros: u64| micros as f64 / 1000.0;
    println!(
        "{name:18} {:7.1} {:7.1} {:7.1} {:7.1} {:6.1} {:10.1} {:5.1}  | {:13.1} | {}, {}/{}",
        ms(s.total()),
        ms(s.decode),
        ms(s.overlay),
        ms(s.encode),
        ms(s.thumbnail),
        ms(s.read_back),
        ms(s.hash),
        decoding(bytes),
        rendered.attempts,
        bytes.len(),
        rendered.processed.bytes.len(),
    );
}
