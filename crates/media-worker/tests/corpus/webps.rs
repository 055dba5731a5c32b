use image::ExtendedColorType;
use media_worker::render::Note;

use crate::case::{Case, Expected};
use crate::metadata::{exif, webp_with_exif};
use crate::pictures::{photo, webp};

const LOSSY: &[u8] = include_bytes!("files/lossy.webp");
/// Made by libwebp, of 16 colours: packed, with cached colours and copies.
const PALETTE: &[u8] = include_bytes!("files/palette.webp");
const LOSSY_ALPHA: &[u8] = include_bytes!("files/lossy-alpha.webp");

pub(crate) fn cases() -> Vec<Case> {
    let size = (300, 280);
    let rgb = photo(300, 280, 8);
    let rgba: Vec<u8> = rgb.chunks(3).flat_map(|rgb| [rgb[0], rgb[1], rgb[2], 200]).collect();
    let opaque = webp(&rgb, 300, 280, ExtendedColorType::Rgb8);
    let transparent = webp(&rgba, 300, 280, ExtendedColorType::Rgba8);
    let jpeg = || Expected::jpeg(size, false);
    let mut cases = vec![
        Case::new("webp lossless", opaque.clone(), jpeg()),
        Case::new("webp lossless transparent", transparent.clone(), Expected::png(size)),
        Case::new("webp lossy", LOSSY.to_vec(), jpeg()),
        Case::new("webp of 16 colours", PALETTE.to_vec(), Expected::jpeg((400, 300), false)),
        Case::new("webp lossy transparent", LOSSY_ALPHA.to_vec(), Expected::png(size)),
    ];
    for (name, frame) in [("lossless", &opaque), ("lossy", &LOSSY.to_vec())] {
        let file = animated(frame, 300, 280, 3);
        cases.push(Case::new(
            format!("webp of three {name} frames"),
            file,
            of_frames(size, Note::FirstFrame),
        ));
        let file = animated(frame, 300, 280, 1);
        cases.push(Case::new(format!("webp of one {name} frame"), file, one_frame(size)));
    }
    for orientation in 1..=8 {
        let file = webp_with_exif(&opaque, 300, 280, &exif(orientation));
        let size = if orientation >= 5 { (280, 300) } else { (300, 280) };
        cases.push(Case::new(format!("webp turned {orientation}"), file, Expected::jpeg(size, false)));
    }
    cases
}

/// A file that may move counts as transparent, so it becomes a PNG.
fn one_frame(size: (u32, u32)) -> Expected {
    Expected::png(size)
}

fn of_frames(size: (u32, u32), note: Note) -> Expected {
    one_frame(size).with(note)
}

/// The picture of a still file, again and again (RFC 9649, 2.7.1).
pub(crate) fn animated(still: &[u8], width: u32, height: u32, frames: usize) -> Vec<u8> {
    let coded = coded_picture(still);
    let three = |value: u32| value.to_le_bytes()[..3].to_vec();
    let mut frame = [three(0), three(0), three(width - 1), three(height - 1), three(100), vec![0]].concat();
    frame.extend(coded);
    let mut body = b"WEBP".to_vec();
    let flags = vec![0b1_0010, 0, 0, 0];
    chunk(&mut body, b"VP8X", &[flags, three(width - 1), three(height - 1)].concat());
    chunk(&mut body, b"ANIM", &[0; 6]);
    (0..frames).for_each(|_| chunk(&mut body, b"ANMF", &frame));
    [b"RIFF".as_slice(), &(body.len() as u32).to_le_bytes(), &body].concat()
}

fn chunk(out: &mut Vec<u8>, kind: &[u8; 4], data: &[u8]) {
    out.extend(kind);
    out.extend((data.len() as u32).to_le_bytes());
    out.extend(data);
    out.extend(vec![0; data.len() % 2]);
}

/// The chunk of VP8 or VP8L, header included.
fn coded_picture(file: &[u8]) -> &[u8] {
    let mut rest = &file[12..];
    while !rest.starts_with(b"VP8L") && !rest.starts_with(b"VP8 ") {
        let length = u32::from_le_bytes(*rest[4..].first_chunk().unwrap()) as usize;
        rest = &rest[8 + length.next_multiple_of(2)..];
    }
    let length = u32::from_le_bytes(*rest[4..].first_chunk().unwrap()) as usize;
    &rest[..8 + length.next_multiple_of(2)]
}
