use image::ExtendedColorType;
use media_worker::render::Note;

use crate::case::{Case, Expected};
use crate::metadata::{exif, png_with_chunk};
use crate::pictures::{photo, png};
use crate::raw_png::{RawPng, animated};

pub(crate) fn cases() -> Vec<Case> {
    [kinds(), turned(), moving(), compressed()].concat()
}

/// Name, colour type and bits per sample.
const KINDS: [(&str, u8, &[u8]); 5] = [
    ("grey", 0, &[1, 2, 4, 8, 16]),
    ("RGB", 2, &[8, 16]),
    ("palette", 3, &[1, 2, 4, 8]),
    ("grey and alpha", 4, &[8, 16]),
    ("RGB and alpha", 6, &[8, 16]),
];

fn kinds() -> Vec<Case> {
    let (width, height) = (267, 251);
    let mut cases = Vec::new();
    for (name, color, depths) in KINDS {
        for depth in depths {
            for interlaced in [false, true] {
                for transparent in [false, true] {
                    if transparent && color > 3 {
                        continue;
                    }
                    let raw = RawPng { color, depth: *depth, interlaced, transparent, width, height };
                    let mut expected = Expected::png((width, height));
                    if *depth == 16 {
                        expected = expected.with(Note::ReducedTo8Bits);
                    }
                    let more = [
                        ["", " interlaced"][usize::from(interlaced)],
                        ["", " transparent"][usize::from(transparent)],
                    ];
                    cases.push(Case::new(
                        format!("png {name} {depth}{}", more.concat()),
                        raw.encode(),
                        expected,
                    ));
                }
            }
        }
    }
    cases
}

fn turned() -> Vec<Case> {
    let file = png(&photo(330, 280, 6), 330, 280, ExtendedColorType::Rgb8);
    (1..=8)
        .map(|orientation| {
            let file = png_with_chunk(&file, *b"eXIf", &exif(orientation));
            let size = if orientation >= 5 { (280, 330) } else { (330, 280) };
            Case::new(format!("png turned {orientation}"), file, Expected::png(size))
        })
        .collect()
}

fn moving() -> Vec<Case> {
    let still = png(&photo(330, 280, 6), 330, 280, ExtendedColorType::Rgb8);
    let size = (330, 280);
    vec![
        Case::new(
            "png of two frames",
            animated(&still, 330, 280, 2),
            Expected::png(size).with(Note::FirstFrame),
        ),
        Case::new("png of one frame", animated(&still, 330, 280, 1), Expected::png(size)),
    ]
}

fn compressed() -> Vec<Case> {
    let white = vec![255; 900 * 700 * 3];
    let noise: Vec<u8> =
        (0..400u32 * 400 * 3).map(|at| (at.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    vec![
        Case::new(
            "png of nothing but white",
            png(&white, 900, 700, ExtendedColorType::Rgb8),
            Expected::png((900, 700)),
        ),
        Case::new("png of noise", png(&noise, 400, 400, ExtendedColorType::Rgb8), Expected::png((400, 400))),
    ]
}
