use super::RenderError;

/// Four letters and the data.
pub(super) type Chunk<'a> = (&'a [u8; 4], &'a [u8]);

/// Kind, length, data, padded to an even length; again and again (RFC 9649, section 2.3).
#[derive(Debug)]
pub(super) struct Chunks<'a> {
    rest: &'a [u8],
}

impl<'a> Chunks<'a> {
    pub(super) fn of(rest: &'a [u8]) -> Self {
        Self { rest }
    }

    pub(super) fn next(&mut self) -> Result<Option<Chunk<'a>>, RenderError> {
        if self.rest.len() < 8 {
            return Ok(None);
        }
        let (kind, rest) = self.rest.split_first_chunk::<4>().ok_or(RenderError::Truncated)?;
        let (length, rest) = rest.split_first_chunk::<4>().ok_or(RenderError::Truncated)?;
        let length = u32::from_le_bytes(*length) as usize;
        let data = rest.get(..length).ok_or(RenderError::Truncated)?;
        self.rest = rest.get(length + (length & 1)..).unwrap_or_default();
        Ok(Some((kind, data)))
    }
}
