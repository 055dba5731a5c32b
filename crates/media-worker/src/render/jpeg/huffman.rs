//! Huffman tables (T.81, annex C and F.2.2.3), for reading and for writing.

use super::super::RenderError;
use super::bits::BitReader;

/// Bits that one look-up decides; longer codes, which are rare, take a loop.
const LOOK: u32 = 10;
/// Added to the coefficient index by an end of block, so that it is beyond any other sum.
pub(super) const END_OF_BLOCK: u32 = 128;

/// A table as a file holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Spec {
    /// Codes of length 1 to 16.
    pub(super) counts: [u8; 16],
    /// What they stand for, shortest first.
    pub(super) symbols: Vec<u8>,
}

impl Spec {
    pub(super) fn parse(data: &[u8]) -> Result<(Self, &[u8]), RenderError> {
        let (counts, rest) = data.split_first_chunk::<16>().ok_or(RenderError::Truncated)?;
        let total = counts.iter().map(|count| usize::from(*count)).sum();
        if total > 256 || !fits(counts) {
            return Err(RenderError::corrupt("a Huffman table is impossible"));
        }
        let symbols = rest.get(..total).ok_or(RenderError::Truncated)?.to_vec();
        Ok((Self { counts: *counts, symbols }, &rest[total..]))
    }

    /// Symbol, code and length, in order of code.
    fn codes(&self) -> impl Iterator<Item = (u8, u32, u32)> {
        let lengths = (1u32..)
            .zip(self.counts)
            .flat_map(|(length, count)| std::iter::repeat_n(length, usize::from(count)));
        let mut next = 0;
        let mut before = 0;
        self.symbols.iter().zip(lengths).map(move |(symbol, length)| {
            next <<= length - before;
            before = length;
            next += 1;
            (*symbol, next - 1, length)
        })
    }
}

/// No more codes of any length than there are.
fn fits(counts: &[u8; 16]) -> bool {
    let mut free = 1i32;
    counts.iter().all(|count| {
        free = free * 2 - i32::from(*count);
        free >= 0
    })
}

/// What a symbol is and does.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Entry {
    pub(super) symbol: u8,
    /// Bits of the code; 0 when the look-up did not decide.
    length: u8,
    /// Bits of the code and of the value behind it.
    pub(super) total: u8,
    /// How far an AC symbol moves the coefficient index.
    pub(super) advance: u8,
}

impl Entry {
    fn new(symbol: u8, length: u32) -> Self {
        let size = symbol & 15;
        let advance = match symbol {
            0xf0 => 16,
            _ if size == 0 => END_OF_BLOCK as u8,
            _ => (symbol >> 4) + 1,
        };
        Self { symbol, length: length as u8, total: length as u8 + size, advance }
    }
}

/// What the next symbols do, as many as one look-up decides, for those who only pass.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Stride {
    /// Bits of them; 0 when the look-up did not decide.
    pub(super) total: u8,
    /// How far they move the coefficient index.
    pub(super) advance: u8,
    /// How far all but the last one do.
    pub(super) before: u8,
}

impl Stride {
    /// As many symbols as have their codes, and the values of all but the last one, within the look-up.
    fn of(bits: usize, look: &[Entry; 1 << LOOK]) -> Self {
        let mut stride = Self::default();
        // Beyond 63 a block ends.
        while u32::from(stride.total) < LOOK && stride.advance < 64 {
            let next = look[bits << stride.total & ((1 << LOOK) - 1)];
            if next.length == 0 || u32::from(stride.total + next.length) > LOOK {
                break;
            }
            stride = Self {
                total: stride.total + next.total,
                advance: stride.advance + next.advance,
                before: stride.advance,
            };
        }
        stride
    }
}

/// A table for reading.
#[derive(Debug)]
pub(super) struct Decoder {
    look: Box<[Entry; 1 << LOOK]>,
    strides: Box<[Stride; 1 << LOOK]>,
    /// Longer codes: first code beyond them left-aligned to 16 bits, and their entries, by length.
    long: Vec<(u32, Entry)>,
}

impl Decoder {
    pub(super) fn new(spec: &Spec) -> Self {
        let mut look = Box::new([Entry::default(); 1 << LOOK]);
        let mut long = Vec::new();
        for (symbol, code, length) in spec.codes() {
            let entry = Entry::new(symbol, length);
            if length <= LOOK {
                let shift = LOOK - length;
                let first = (code << shift) as usize;
                look[first..first + (1 << shift)].fill(entry);
            } else {
                long.push(((code + 1) << (16 - length), entry));
            }
        }
        let mut strides = Box::new([Stride::default(); 1 << LOOK]);
        for (bits, stride) in strides.iter_mut().enumerate() {
            *stride = Stride::of(bits, &look);
        }
        Self { look, strides, long }
    }

    /// The next symbols of an AC table at once; the reader must hold 16 bits.
    #[inline(always)]
    pub(super) fn stride(&self, reader: &BitReader<'_>) -> Stride {
        self.strides[reader.peek(LOOK) as usize]
    }

    /// The next symbol, not yet consumed; the reader must hold 16 bits.
    #[inline(always)]
    pub(super) fn peek(&self, reader: &BitReader<'_>) -> Result<Entry, RenderError> {
        let entry = self.look[reader.peek(LOOK) as usize];
        if entry.length > 0 {
            return Ok(entry);
        }
        self.peek_long(reader.peek(16))
    }

    #[cold]
    fn peek_long(&self, code: u32) -> Result<Entry, RenderError> {
        // Codes grow with their length, so the first bound above this code is its own.
        self.long
            .iter()
            .find(|(beyond, _)| code < *beyond)
            .map(|(_, entry)| *entry)
            .ok_or_else(|| RenderError::corrupt("an impossible Huffman code"))
    }
}

/// A table for writing: code and length by symbol; length 0 where there is none.
#[derive(Debug)]
pub(super) struct Encoder([(u16, u8); 256]);

impl Encoder {
    /// Has no code for anything.
    pub(super) fn empty() -> Self {
        Self([(0, 0); 256])
    }

    pub(super) fn new(spec: &Spec) -> Self {
        let mut codes = [(0, 0); 256];
        for (symbol, code, length) in spec.codes() {
            codes[usize::from(symbol)] = (code as u16, length as u8);
        }
        Self(codes)
    }

    #[inline(always)]
    pub(super) fn code(&self, symbol: u8) -> (u16, u8) {
        self.0[usize::from(symbol)]
    }
}
