use jpeg_encoder::{ColorType, SamplingFactor};
use media_worker::render::Note;

use crate::case::{Case, Expected};
use crate::metadata::exif;
use crate::pictures::{Jpeg, photo};

const SAMPLINGS: [(SamplingFactor, &str); 8] = [
    (SamplingFactor::F_1_1, "4:4:4"),
    (SamplingFactor::F_2_1, "4:2:2"),
    (SamplingFactor::F_1_2, "4:4:0"),
    (SamplingFactor::F_2_2, "4:2:0"),
    (SamplingFactor::F_4_1, "4:1:1"),
    (SamplingFactor::F_1_4, "4:4:0, a quarter"),
    (SamplingFactor::F_4_2, "4:1:0"),
    (SamplingFactor::F_2_4, "4:2:0, a quarter down"),
];

pub(crate) fn cases() -> Vec<Case> {
    [sampled(), grey(), inks(), turned(), odd()].concat()
}

/// How it is coded, and whether the plate can be spliced in.
fn codings() -> [(&'static str, Jpeg, bool); 4] {
    let usual = Jpeg::default();
    [
        ("baseline", usual.clone(), true),
        ("restarting", Jpeg { restart_interval: 7, ..usual.clone() }, true),
        ("progressive", Jpeg { progressive: true, ..usual.clone() }, false),
        ("a scan for each colour", Jpeg { optimised: true, ..usual }, false),
    ]
}

fn sampled() -> Vec<Case> {
    let mut cases = Vec::new();
    for (coding, jpeg, spliced) in codings() {
        for (at, (sampling, name)) in (0u32..).zip(SAMPLINGS) {
            let (width, height) = (401 + 7 * at, 333 + 5 * at);
            let file = Jpeg { sampling, ..jpeg.clone() }.photo(width, height);
            // The encoder interleaves the first four only.
            let expected = Expected::jpeg((width, height), spliced && at < 4);
            cases.push(Case::new(format!("jpeg {coding} {name}"), file, expected));
        }
    }
    cases
}

fn grey() -> Vec<Case> {
    let grey: Vec<u8> = photo(420, 310, 4).chunks(3).map(|rgb| rgb[1]).collect();
    codings()
        .into_iter()
        .map(|(coding, jpeg, spliced)| {
            let file = Jpeg { color: ColorType::Luma, ..jpeg }.encode(&grey, 420, 310);
            // One colour is one scan, whatever it is called.
            let spliced = spliced || coding == "a scan for each colour";
            Case::new(format!("jpeg {coding} grey"), file, Expected::jpeg((420, 310), spliced))
        })
        .collect()
}

fn inks() -> Vec<Case> {
    let inks: Vec<u8> = photo(404, 304, 5).chunks(3).flat_map(|c| [c[0], c[1], c[2], c[0] / 4]).collect();
    let mut cases = Vec::new();
    for (coding, jpeg, _) in codings() {
        for (color, name) in [(ColorType::Cmyk, "CMYK"), (ColorType::CmykAsYcck, "YCCK")] {
            for (sampling, sampled) in [SAMPLINGS[0], SAMPLINGS[3]] {
                let file = Jpeg { color, sampling, ..jpeg.clone() }.encode(&inks, 404, 304);
                let expected = Expected::jpeg((404, 304), false).with(Note::ConvertedFromCmyk);
                cases.push(Case::new(format!("jpeg {coding} {name} {sampled}"), file, expected));
            }
        }
    }
    cases
}

/// All orientations, of sides that are whole MCUs and of sides that are not.
fn turned() -> Vec<Case> {
    let mut cases = Vec::new();
    for orientation in 1..=8 {
        for (name, width, height) in [("whole", 416, 320), ("broken", 410, 331)] {
            let jpeg = Jpeg { exif: Some(exif(orientation)), ..Jpeg::default() };
            // Without a mirrored side nothing has to be whole: as it is, and turned over its diagonal.
            let lossless = name == "whole" || matches!(orientation, 1 | 5);
            let size = if orientation >= 5 { (height, width) } else { (width, height) };
            let expected = Expected::jpeg(size, lossless);
            let file = jpeg.photo(width, height);
            cases.push(Case::new(format!("jpeg turned {orientation} {name}"), file, expected));
        }
        let jpeg = Jpeg { exif: Some(exif(orientation)), progressive: true, ..Jpeg::default() };
        let size = if orientation >= 5 { (300, 410) } else { (410, 300) };
        let expected = Expected::jpeg(size, false);
        cases.push(Case::new(
            format!("jpeg progressive turned {orientation}"),
            jpeg.photo(410, 300),
            expected,
        ));
    }
    cases
}

fn odd() -> Vec<Case> {
    let file = Jpeg::default().photo(380, 360);
    let trailing = [file.as_slice(), b"what some phone puts behind its pictures"].concat();
    let size = (380, 360);
    vec![
        Case::new("jpeg with more behind its end", trailing, Expected::jpeg(size, true)),
        Case::new("jpeg of quality 3", of_quality(3), Expected::jpeg(size, true)),
        Case::new("jpeg of quality 100", of_quality(100), Expected::jpeg(size, true)),
        Case::new("jpeg with a profile", with_profile(), Expected::jpeg(size, true)),
        Case::new("jpeg of RGB", stored_rgb(), Expected::jpeg(size, false)),
    ]
}

fn of_quality(quality: u8) -> Vec<u8> {
    Jpeg { quality, ..Jpeg::default() }.photo(380, 360)
}

fn with_profile() -> Vec<u8> {
    Jpeg { icc: Some(vec![9; 70_000]), ..Jpeg::default() }.photo(380, 360)
}

/// Red, green and blue as they are, which Adobe's mark with a zero says.
fn stored_rgb() -> Vec<u8> {
    let sampling = SamplingFactor::F_1_1;
    let file = Jpeg { color: ColorType::Ycbcr, sampling, ..Jpeg::default() }.photo(380, 360);
    let mark = b"\xff\xee\0\x0eAdobe\0\x64\0\0\0\0\0";
    [&file[..2], mark, &file[2..]].concat()
}
