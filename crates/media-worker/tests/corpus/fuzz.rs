//! Upload to render with files that nobody thought of: sound ones, damaged at random.
//!
//! A few hundred rounds of always the same damage in every run; with `VESTNIK_FUZZ_SECONDS` as long as that, from
//! another seed each time, which is printed and can be given back as `VESTNIK_FUZZ_SEED`.

use std::{
    io::Cursor,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::mpsc,
    thread,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use image::ImageReader;
use media_worker::render::{Limits, Options, Rendered, inspect, memory_bound, render};

use crate::case::LINK;

const ROUNDS: u32 = 750;
/// A small file that takes longer hangs.
const PATIENCE: Duration = Duration::from_secs(20);

#[test]
fn fuzz_upload_to_render() {
    let read = |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>().unwrap());
    let seconds = read("VESTNIK_FUZZ_SECONDS");
    let by_clock = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis() as u64;
    let seed = read("VESTNIK_FUZZ_SEED").unwrap_or_else(|| seconds.map_or(42, |_| by_clock()));
    let until = seconds.map(|seconds| Instant::now() + Duration::from_secs(seconds));
    let mut random = Random(seed | 1);
    let bases: Vec<Vec<u8>> = crate::cases()
        .into_iter()
        .map(|case| case.file)
        .filter(|file| (8..400_000).contains(&file.len()))
        .collect();

    let (to_renderer, files) = mpsc::channel::<Vec<u8>>();
    let (said, outcomes) = mpsc::channel();
    // Not scoped: should it hang, the test is to end all the same.
    thread::spawn(move || {
        for file in files {
            let outcome = catch_unwind(AssertUnwindSafe(|| try_one(&file)));
            if said.send(outcome.is_ok()).is_err() {
                return;
            }
        }
    });
    let (mut rounds, started) = (0, Instant::now());
    while until.map_or(rounds < ROUNDS, |until| Instant::now() < until) {
        let file = damaged(&bases, &mut random);
        to_renderer.send(file.clone()).unwrap();
        let what = match outcomes.recv_timeout(PATIENCE) {
            Ok(true) => {
                rounds += 1;
                continue;
            }
            Ok(false) => "panicked",
            Err(_) => "hung",
        };
        let path = format!("{}/fuzz-{seed}-{rounds}.bin", env!("CARGO_TARGET_TMPDIR"));
        std::fs::write(&path, file).unwrap();
        panic!("seed {seed}, round {rounds} {what}; the file is {path}");
    }
    eprintln!("fuzz: seed {seed}, {rounds} files in {:?}, nothing broke", started.elapsed());
}

/// What happens to an upload: the edge looks at its header, the worker renders it.
fn try_one(file: &[u8]) {
    let dimensions = ImageReader::new(Cursor::new(file))
        .with_guessed_format()
        .ok()
        .and_then(|reader| reader.into_dimensions().ok());
    // With the limits of service, which let larger headers pass than are rendered here.
    let _ = inspect(file, &Limits::default());
    let _ = memory_bound(file, LINK, &Options::default());
    let limits = Limits { max_pixels: 1_500_000, ..Limits::default() };
    match render(file, LINK, &Options { limits, ..Options::default() }) {
        Ok(rendered) => promised(&rendered),
        Err(error) => assert!(!error.code().is_empty() && !error.to_string().is_empty()),
    }
    // The edge may refuse more, and is asked only not to break.
    let _ = dimensions;
}

/// Whatever the damage: what is published is a picture, of the size that is said.
fn promised(rendered: &Rendered) {
    assert!(rendered.read_back.passed());
    let picture = image::load_from_memory(&rendered.processed.bytes).unwrap();
    assert_eq!((picture.width(), picture.height()), (rendered.width, rendered.height));
}

fn damaged(bases: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let mut file = bases[random.below(bases.len())].clone();
    for _ in 0..=random.below(4) {
        // Half of the damage is in the headers.
        let reach = if random.below(2) == 0 { file.len().min(700) } else { file.len() };
        let at = random.below(reach.max(1));
        let length = random.below(64).min(file.len() - at);
        match random.below(7) {
            0 => file.truncate(at.max(4)),
            1 => drop(file.drain(at..at + length)),
            2 => {
                let again = file[at..at + length].to_vec();
                file.splice(at..at, again);
            }
            3 => {
                let other = &bases[random.below(bases.len())];
                let from = random.below(other.len());
                let part = other[from..other.len().min(from + 400)].to_vec();
                file.splice(at..at, part);
            }
            4 => file[at..at + length].fill(if random.below(2) == 0 { 0 } else { 0xff }),
            _ if file.is_empty() => {}
            _ => (0..=random.below(8)).for_each(|_| {
                let at = random.below(reach.min(file.len()));
                file[at] = random.below(256) as u8;
            }),
        }
        if file.len() < 4 {
            break;
        }
    }
    file
}

/// xorshift64.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 11) % bound as u64) as usize
    }
}
