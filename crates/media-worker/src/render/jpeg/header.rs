//! What stands before the coded picture.

use image::metadata::Orientation;

use super::super::RenderError;
use super::huffman::Spec;
use super::profile::Parts;
use super::segments::{APP1, APP2, APP14, DHT, DQT, DRI, EOI, SOS, Segments};

/// Baseline, extended and progressive frames with Huffman coding; differential, lossless and arithmetic ones are
/// refused.
const SOF0: u8 = 0xc0;
const SOF2: u8 = 0xc2;

#[derive(Debug, Clone, Default)]
pub(crate) struct Component {
    pub(super) id: u8,
    /// Blocks per MCU across and down.
    pub(super) horizontal: u8,
    pub(super) vertical: u8,
    pub(super) quantization: u8,
    pub(super) dc: u8,
    pub(super) ac: u8,
}

/// Huffman tables by their number.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Tables {
    pub(super) dc: [Option<Spec>; 4],
    pub(super) ac: [Option<Spec>; 4],
}

/// Everything up to the first scan.
#[derive(Debug, Clone)]
pub(crate) struct Header {
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// Bits per sample; only 8 gets this far.
    pub(crate) precision: u8,
    pub(super) frame: u8,
    pub(crate) components: Vec<Component>,
    /// In zigzag order, as stored.
    pub(super) quantization: [Option<[u16; 64]>; 4],
    pub(super) tables: Tables,
    pub(super) restart_interval: u16,
    /// Components in the first scan, then its spectral selection and approximation.
    scan: (u8, [u8; 3]),
    /// Where the coded bits begin.
    pub(crate) scan_start: usize,
    pub(crate) orientation: Orientation,
    pub(crate) icc: Option<Vec<u8>>,
    adobe_transform: Option<u8>,
}

impl Header {
    /// Reads up to the first scan.
    ///
    /// # Errors
    /// `truncated`, `corrupt`, or `unsupported_encoding` for what no browser shows either.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, RenderError> {
        let mut header = Self {
            width: 0,
            height: 0,
            precision: 0,
            frame: 0,
            components: Vec::new(),
            quantization: [None; 4],
            tables: Tables::default(),
            restart_interval: 0,
            scan: (0, [0; 3]),
            scan_start: 0,
            orientation: Orientation::NoTransforms,
            icc: None,
            adobe_transform: None,
        };
        let mut profile = Parts::default();
        let mut segments = Segments::new(bytes, 2);
        loop {
            let (marker, data) = segments.next()?;
            match marker {
                SOF0..=SOF2 => header.frame(marker, data)?,
                DHT => header.huffman(data)?,
                0xc3 | 0xc5..=0xcf => {
                    return Err(RenderError::UnsupportedEncoding { detail: "a lossless or arithmetic JPEG" });
                }
                DQT => header.quantization(data)?,
                DRI => {
                    header.restart_interval = u16::from_be_bytes(*data.first_chunk().ok_or(SHORT_SEGMENT)?);
                }
                APP1 => header.exif(data),
                APP2 => profile.take(data),
                APP14 if data.starts_with(b"Adobe") => {
                    header.adobe_transform = data.get(11).copied();
                }
                EOI => return Err(RenderError::corrupt("the JPEG has no picture in it")),
                SOS => {
                    header.scan(data)?;
                    break;
                }
                _ => {}
            }
        }
        header.icc = profile.join();
        header.scan_start = segments.position;
        Ok(header)
    }

    /// Colours are YCbCr unless the file says otherwise (JFIF; Adobe Technical Note 5116).
    pub(crate) fn is_ycbcr(&self) -> bool {
        let [a, b, c] = self.components.as_slice() else {
            return false;
        };
        match self.adobe_transform {
            Some(transform) => transform == 1,
            None => [a.id, b.id, c.id] != *b"RGB",
        }
    }

    pub(crate) fn is_cmyk(&self) -> bool {
        self.components.len() == 4
    }

    /// True for YCCK: three inks stored as YCbCr (Adobe Technical Note 5116).
    pub(crate) fn is_ycck(&self) -> bool {
        self.is_cmyk() && self.adobe_transform == Some(2)
    }

    /// Adobe's programs store inks inverted, 255 for none; they leave their mark.
    pub(crate) fn is_adobe(&self) -> bool {
        self.adobe_transform.is_some()
    }

    /// True when the one scan holds all of the picture, coded sequentially with 8 bits.
    pub(super) fn is_one_sequential_scan(&self) -> bool {
        self.frame != SOF2 && self.scan == (self.components.len() as u8, [0, 63, 0])
    }

    /// True for sequential JPEGs that store one colour after the other, not all at the same resolution.
    pub(crate) fn is_subsampled_in_separate_scans(&self) -> bool {
        let factors = |c: &Component| (c.horizontal, c.vertical);
        let first = self.components.first().map(factors);
        self.frame != SOF2
            && usize::from(self.scan.0) != self.components.len()
            && self.components.iter().any(|c| Some(factors(c)) != first)
    }

    fn frame(&mut self, marker: u8, data: &[u8]) -> Result<(), RenderError> {
        if !self.components.is_empty() {
            return Err(RenderError::corrupt("the JPEG has two frames"));
        }
        let &[precision, h0, h1, w0, w1, count, ref components @ ..] = data else {
            return Err(SHORT_SEGMENT);
        };
        if precision != 8 {
            return Err(RenderError::UnsupportedEncoding { detail: "a JPEG of more than 8 bits" });
        }
        match count {
            1 | 3 | 4 => {}
            _ => return Err(RenderError::corrupt("the JPEG has an odd number of colours")),
        }
        let (components, _) = components.as_chunks::<3>();
        if components.len() < usize::from(count) {
            return Err(SHORT_SEGMENT);
        }
        self.components = components[..usize::from(count)]
            .iter()
            .map(|[id, factors, quantization]| Component {
                id: *id,
                horizontal: factors >> 4,
                vertical: factors & 15,
                quantization: *quantization,
                ..Component::default()
            })
            .collect();
        let valid = |c: &Component| {
            (1..=4).contains(&c.horizontal) && (1..=4).contains(&c.vertical) && c.quantization < 4
        };
        if !self.components.iter().all(valid) {
            return Err(RenderError::corrupt("the JPEG frame is out of range"));
        }
        self.frame = marker;
        self.precision = precision;
        self.height = u16::from_be_bytes([h0, h1]).into();
        self.width = u16::from_be_bytes([w0, w1]).into();
        Ok(())
    }

    fn quantization(&mut self, mut data: &[u8]) -> Result<(), RenderError> {
        while let Some((kind, rest)) = data.split_first() {
            let bytes = if kind >> 4 == 0 { 1 } else { 2 };
            let steps = rest.get(..64 * bytes).ok_or(SHORT_SEGMENT)?;
            let slot = self
                .quantization
                .get_mut(usize::from(kind & 15))
                .ok_or_else(|| RenderError::corrupt("a quantisation table is out of range"))?;
            let mut table = [0; 64];
            for (step, stored) in table.iter_mut().zip(steps.chunks_exact(bytes)) {
                *step = stored.iter().fold(0, |value, byte| value << 8 | u16::from(*byte));
            }
            if table.contains(&0) {
                return Err(RenderError::corrupt("a quantisation table has a zero"));
            }
            *slot = Some(table);
            data = &rest[64 * bytes..];
        }
        Ok(())
    }

    fn huffman(&mut self, mut data: &[u8]) -> Result<(), RenderError> {
        while let Some((kind, rest)) = data.split_first() {
            let (spec, rest) = Spec::parse(rest)?;
            let class = match kind >> 4 {
                0 => &mut self.tables.dc,
                _ => &mut self.tables.ac,
            };
            *class
                .get_mut(usize::from(kind & 15))
                .ok_or_else(|| RenderError::corrupt("a Huffman table is out of range"))? = Some(spec);
            data = rest;
        }
        Ok(())
    }

    fn exif(&mut self, data: &[u8]) {
        if let Some(exif) = data.strip_prefix(b"Exif\0\0")
            && let Some(orientation) = Orientation::from_exif_chunk(exif)
        {
            self.orientation = orientation;
        }
    }

    fn scan(&mut self, data: &[u8]) -> Result<(), RenderError> {
        if self.components.is_empty() {
            return Err(RenderError::corrupt("the JPEG has no frame header"));
        }
        let (count, rest) = data.split_first().ok_or(SHORT_SEGMENT)?;
        let (selectors, tail) = rest.split_at_checked(2 * usize::from(*count)).ok_or(SHORT_SEGMENT)?;
        for (component, selector) in self.components.iter_mut().zip(selectors.chunks_exact(2)) {
            (component.dc, component.ac) = (selector[1] >> 4, selector[1] & 15);
            if component.id != selector[0] {
                // A first scan in another order is progressive or odd; the general way sorts it out.
                self.scan.0 = 0;
                return Ok(());
            }
        }
        self.scan = (*count, *tail.first_chunk().ok_or(SHORT_SEGMENT)?);
        Ok(())
    }
}

const SHORT_SEGMENT: RenderError = RenderError::Truncated;
