//! WebP (RFC 9649): a RIFF container with one of three kinds of first chunk.

use image::metadata::Orientation;

use super::{Format, Inspected, RenderError};

/// Bit of the VP8X flags: the file has frames.
const ANIMATION: u8 = 0b10;

pub(super) fn inspect(bytes: &[u8]) -> Result<Inspected, RenderError> {
    let declared = little_endian(bytes.get(4..8)) as usize;
    // The declared size counts from after itself; more bytes than declared are ignored.
    if declared.saturating_add(8) > bytes.len() {
        return Err(RenderError::Truncated);
    }
    let mut rest = bytes.get(12..declared + 8).ok_or(RenderError::Truncated)?;
    let (mut moves, mut frames) = (false, 0);
    let mut size = None;
    let mut orientation = Orientation::NoTransforms;
    while rest.len() >= 8 {
        let (kind, after) = rest.split_at(4);
        let length = little_endian(after.get(..4)) as usize;
        let data = after.get(4..4 + length).ok_or(RenderError::Truncated)?;
        match kind {
            b"VP8X" => moves = data.first().is_some_and(|flags| flags & ANIMATION != 0),
            b"ANMF" => frames += 1,
            b"EXIF" => {
                orientation = Orientation::from_exif_chunk(data).unwrap_or(Orientation::NoTransforms);
            }
            _ => {}
        }
        if size.is_none() {
            size = first_chunk_size(kind, data);
        }
        // Chunks are padded to an even length.
        rest = after.get(4 + length + (length & 1)..).unwrap_or_default();
    }
    let (width, height) = size.ok_or(RenderError::Truncated)?;
    if moves && frames == 0 {
        return Err(RenderError::Truncated);
    }
    Ok(Inspected {
        format: Format::WebP,
        width,
        height,
        bit_depth: 8,
        orientation,
        animated: moves && frames > 1,
        cmyk: false,
    })
}

fn first_chunk_size(kind: &[u8], data: &[u8]) -> Option<(u32, u32)> {
    match kind {
        b"VP8X" => Some((little_endian(data.get(4..7)) + 1, little_endian(data.get(7..10)) + 1)),
        // RFC 6386, section 9.1: 14 bits each after the start code.
        b"VP8 " => Some((little_endian(data.get(6..8)) & 0x3fff, little_endian(data.get(8..10)) & 0x3fff)),
        b"VP8L" => {
            let bits = little_endian(data.get(1..5));
            Some(((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1))
        }
        _ => None,
    }
}

/// Up to four bytes as a number; nothing is zero, which the limits then refuse.
fn little_endian(bytes: Option<&[u8]>) -> u32 {
    bytes.unwrap_or_default().iter().rev().fold(0, |value, byte| value << 8 | u32::from(*byte))
}
