//! PNG (ISO/IEC 15948): the header and a walk over the chunk lengths; checksums are left to the decoder.

use image::metadata::Orientation;

use super::{Format, Inspected, RenderError};

pub(super) fn inspect(bytes: &[u8]) -> Result<Inspected, RenderError> {
    let mut chunks = Chunks { rest: &bytes[8..] };
    let Some((b"IHDR", header)) = chunks.next()? else {
        return Err(RenderError::corrupt("the PNG header is missing"));
    };
    let &[w0, w1, w2, w3, h0, h1, h2, h3, bit_depth, ..] = header else {
        return Err(RenderError::corrupt("the PNG header is short"));
    };
    let mut animated = false;
    let mut orientation = Orientation::NoTransforms;
    loop {
        match chunks.next()? {
            Some((b"IEND", _)) => break,
            // One frame does not move.
            Some((b"acTL", control)) => animated = control.first_chunk() != Some(&[0, 0, 0, 1]),
            Some((b"eXIf", exif)) => {
                orientation = Orientation::from_exif_chunk(exif).unwrap_or(Orientation::NoTransforms);
            }
            Some(_) => {}
            None => return Err(RenderError::Truncated),
        }
    }
    Ok(Inspected {
        format: Format::Png,
        width: u32::from_be_bytes([w0, w1, w2, w3]),
        height: u32::from_be_bytes([h0, h1, h2, h3]),
        bit_depth,
        orientation,
        animated,
        cmyk: false,
    })
}

/// Type and data.
type Chunk<'a> = (&'a [u8; 4], &'a [u8]);

/// Length, type, data, checksum; again and again.
struct Chunks<'a> {
    rest: &'a [u8],
}

impl<'a> Chunks<'a> {
    fn next(&mut self) -> Result<Option<Chunk<'a>>, RenderError> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let (length, rest) = self.rest.split_first_chunk::<4>().ok_or(RenderError::Truncated)?;
        let (kind, rest) = rest.split_first_chunk::<4>().ok_or(RenderError::Truncated)?;
        let length = u32::from_be_bytes(*length) as usize;
        let data = rest.get(..length).ok_or(RenderError::Truncated)?;
        self.rest = rest.get(length + 4..).ok_or(RenderError::Truncated)?;
        Ok(Some((kind, data)))
    }
}
