//! Markers and the segments behind them (T.81, B.1.1).

use super::super::RenderError;

pub(super) const SOI: u8 = 0xd8;
pub(super) const EOI: u8 = 0xd9;
pub(super) const SOS: u8 = 0xda;
pub(super) const DQT: u8 = 0xdb;
pub(super) const DHT: u8 = 0xc4;
pub(super) const DRI: u8 = 0xdd;
pub(super) const APP0: u8 = 0xe0;
pub(super) const APP1: u8 = 0xe1;
pub(super) const APP2: u8 = 0xe2;
pub(super) const APP14: u8 = 0xee;
pub(super) const RST0: u8 = 0xd0;
pub(super) const RST7: u8 = 0xd7;
const TEM: u8 = 0x01;

/// Marker, segment, marker, segment.
#[derive(Debug)]
pub(super) struct Segments<'a> {
    bytes: &'a [u8],
    pub(super) position: usize,
}

impl<'a> Segments<'a> {
    pub(super) fn new(bytes: &'a [u8], position: usize) -> Self {
        Self { bytes, position }
    }

    /// The next marker and what belongs to it; skips what is not a marker, as all decoders do.
    pub(super) fn next(&mut self) -> Result<(u8, &'a [u8]), RenderError> {
        let marker = self.marker()?;
        if matches!(marker, SOI | EOI | TEM | RST0..=RST7) {
            return Ok((marker, &[]));
        }
        let length = self
            .bytes
            .get(self.position..)
            .and_then(|rest| rest.first_chunk())
            .map(|length| usize::from(u16::from_be_bytes(*length)))
            .ok_or(RenderError::Truncated)?;
        if length < 2 {
            return Err(RenderError::corrupt("a JPEG segment is shorter than its length"));
        }
        let data = self.bytes.get(self.position + 2..self.position + length).ok_or(RenderError::Truncated)?;
        self.position += length;
        Ok((marker, data))
    }

    fn marker(&mut self) -> Result<u8, RenderError> {
        let rest = self.bytes.get(self.position..).ok_or(RenderError::Truncated)?;
        let at = rest
            .windows(2)
            .position(|pair| pair[0] == 0xff && !matches!(pair[1], 0x00 | 0xff))
            .ok_or(RenderError::Truncated)?;
        self.position += at + 2;
        Ok(rest[at + 1])
    }
}

/// Checks that the picture has its end, and no more scans than `max_scans`.
///
/// Decoders fill what is missing with grey instead of failing; a customer should hear of it.
pub(crate) fn walk_to_end(bytes: &[u8], scan_start: usize, max_scans: usize) -> Result<(), RenderError> {
    let mut segments = Segments::new(bytes, scan_start);
    let mut scans = 1;
    loop {
        match segments.next()?.0 {
            EOI => return Ok(()),
            SOS => scans += 1,
            _ => {}
        }
        if scans > max_scans {
            return Err(RenderError::UnsupportedEncoding { detail: "a JPEG of too many scans" });
        }
    }
}
