//! WebP (RFC 9649): a RIFF container with one of three kinds of first chunk.

use image::metadata::Orientation;

use super::{Format, Inspected, RenderError};
use chunks::{Chunk, Chunks};

mod chunks;
mod prefix;
mod tables;

/// Bit of the VP8X flags: the file has frames.
const ANIMATION: u8 = 0b10;
/// Bytes of a frame's place, size and duration before its own chunks.
const FRAME_HEADER: usize = 16;

pub(super) fn inspect(bytes: &[u8]) -> Result<Inspected, RenderError> {
    let (mut moves, mut frames) = (false, 0);
    let mut size = None;
    let mut orientation = Orientation::NoTransforms;
    let mut chunks = Chunks::of(container(bytes)?.get(12..).unwrap_or_default());
    while let Some(chunk @ (kind, data)) = chunks.next()? {
        match kind {
            b"VP8X" => moves = data.first().is_some_and(|flags| flags & ANIMATION != 0),
            b"EXIF" => {
                orientation = Orientation::from_exif_chunk(data).unwrap_or(Orientation::NoTransforms);
            }
            b"ANMF" => {
                frames += 1;
                if frames == 1 {
                    first_frame(data, size)?;
                }
            }
            _ => {}
        }
        // The decoder takes memory for what a picture says of itself before it compares.
        match (size, size_of(chunk)) {
            (None, found) => size = found,
            (Some(size), Some(found)) if found != size => return Err(contradiction()),
            _ => {}
        }
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

/// The file as long as it says it is; what follows is none of it.
pub(crate) fn container(bytes: &[u8]) -> Result<&[u8], RenderError> {
    // The declared size counts from after itself.
    let declared = little_endian(bytes.get(4..8)) as usize;
    bytes.get(..declared.saturating_add(8)).ok_or(RenderError::Truncated)
}

/// Bytes of the tables that the decoder makes for the codes of lossless pictures and of transparency. They follow
/// from the file alone and not from its size: 65,536 groups of codes fit a picture of 512 by 512.
pub(super) fn code_tables(bytes: &[u8]) -> Result<u64, RenderError> {
    let mut most = 0;
    let mut canvas = None;
    let mut chunks = Chunks::of(container(bytes)?.get(12..).unwrap_or_default());
    let mut seen = Vec::new();
    while let Some(chunk @ (kind, data)) = chunks.next()? {
        canvas = canvas.or_else(|| size_of(chunk));
        // Of several of a kind the first counts.
        if !matches!(kind, b"VP8L" | b"ALPH" | b"ANMF") || seen.contains(kind) {
            continue;
        }
        seen.push(*kind);
        let (Some(canvas), b"ANMF") = (canvas, kind) else {
            most = most.max(tables::of(chunk, canvas.unwrap_or_default())?);
            continue;
        };
        let size = frame_size(data).unwrap_or(canvas);
        let mut parts = Chunks::of(data.get(FRAME_HEADER..).unwrap_or_default());
        for _ in 0..2 {
            let Some(part) = parts.next()? else { break };
            most = most.max(tables::of(part, size)?);
        }
    }
    Ok(most)
}

/// The first frame lies within the picture, and what is in it is as large as it.
fn first_frame(frame: &[u8], canvas: Option<(u32, u32)>) -> Result<(), RenderError> {
    let (width, height) = frame_size(frame).ok_or(RenderError::Truncated)?;
    let (x, y) = (2 * little_endian(frame.get(0..3)), 2 * little_endian(frame.get(3..6)));
    let within = canvas.is_some_and(|canvas| x + width <= canvas.0 && y + height <= canvas.1);
    let mut parts = Chunks::of(frame.get(FRAME_HEADER..).unwrap_or_default());
    let mut part = parts.next()?;
    if part.is_some_and(|(kind, _)| kind == b"ALPH") {
        part = parts.next()?.filter(|(kind, _)| *kind == b"VP8 ");
    }
    match part.and_then(size_of) {
        None => Err(RenderError::corrupt("its first frame has no picture")),
        Some(size) if size == (width, height) && within => Ok(()),
        Some(_) => Err(contradiction()),
    }
}

fn frame_size(frame: &[u8]) -> Option<(u32, u32)> {
    Some((little_endian(Some(frame.get(6..9)?)) + 1, little_endian(Some(frame.get(9..12)?)) + 1))
}

fn size_of((kind, data): Chunk<'_>) -> Option<(u32, u32)> {
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

fn contradiction() -> RenderError {
    RenderError::corrupt("it contradicts itself about its size")
}

/// Up to four bytes as a number; nothing is zero, which the limits then refuse.
fn little_endian(bytes: Option<&[u8]>) -> u32 {
    bytes.unwrap_or_default().iter().rev().fold(0, |value, byte| value << 8 | u32::from(*byte))
}
