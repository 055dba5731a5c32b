//! Bits and prefix codes of lossless WebP (RFC 9649, sections 3.7.1 and 3.7.2).

use super::RenderError;

/// The longest code, in bits.
const LONGEST: usize = 15;
/// In which order the lengths of the code for lengths come.
const ORDER: [usize; 19] = [17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

/// Bits, the lowest of each byte first.
#[derive(Debug)]
pub(super) struct Bits<'a> {
    bytes: &'a [u8],
    /// In bits.
    at: usize,
}

impl<'a> Bits<'a> {
    pub(super) fn of(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    pub(super) fn take(&mut self, count: usize) -> Result<usize, RenderError> {
        (0..count).try_fold(0, |value, bit| Ok(value | usize::from(self.one()?) << bit))
    }

    pub(super) fn one(&mut self) -> Result<bool, RenderError> {
        let byte = self.bytes.get(self.at / 8).ok_or_else(broken)?;
        let bit = byte >> (self.at % 8) & 1 == 1;
        self.at += 1;
        Ok(bit)
    }
}

/// A canonical prefix code.
#[derive(Debug, Default)]
pub(super) struct Code {
    /// How many symbols have a code of this many bits.
    counts: [usize; LONGEST + 1],
    /// In the order of their codes; a single one has a code of no bits.
    symbols: Vec<usize>,
}

impl Code {
    pub(super) fn read(bits: &mut Bits<'_>, alphabet: usize) -> Result<Self, RenderError> {
        if bits.one()? {
            return Self::read_simple(bits, alphabet);
        }
        let mut lengths = [0; ORDER.len()];
        let given = 4 + bits.take(4)?;
        for place in &ORDER[..given] {
            lengths[*place] = bits.take(3)?;
        }
        let of_lengths = Self::new(&lengths)?;
        Self::new(&of_lengths.read_lengths(bits, alphabet)?)
    }

    /// One or two symbols.
    fn read_simple(bits: &mut Bits<'_>, alphabet: usize) -> Result<Self, RenderError> {
        let two = bits.one()?;
        let width = if bits.one()? { 8 } else { 1 };
        let mut symbols = vec![bits.take(width)?];
        if two {
            symbols.push(bits.take(8)?);
        }
        if symbols.iter().any(|symbol| *symbol >= alphabet) {
            return Err(broken());
        }
        let mut counts = [0; LONGEST + 1];
        counts[1] = symbols.len();
        Ok(Self { counts, symbols })
    }

    fn read_lengths(&self, bits: &mut Bits<'_>, alphabet: usize) -> Result<Vec<usize>, RenderError> {
        let mut left = alphabet;
        if bits.one()? {
            let width = 2 + 2 * bits.take(3)?;
            left = 2 + bits.take(width)?;
        }
        let mut lengths = Vec::with_capacity(alphabet);
        let mut last = 8;
        while lengths.len() < alphabet && left > 0 {
            left -= 1;
            let (length, times) = match self.symbol(bits)? {
                16 => (last, 3 + bits.take(2)?),
                17 => (0, 3 + bits.take(3)?),
                18 => (0, 11 + bits.take(7)?),
                length => (length, 1),
            };
            if length != 0 {
                last = length;
            }
            lengths.extend(std::iter::repeat_n(length, times));
        }
        if lengths.len() > alphabet { Err(broken()) } else { Ok(lengths) }
    }

    /// From the bits of each symbol's code, 0 for none. The codes of two symbols and more use up all that there are.
    fn new(lengths: &[usize]) -> Result<Self, RenderError> {
        let mut counts = [0; LONGEST + 1];
        lengths.iter().filter(|length| **length > 0).for_each(|length| counts[*length] += 1);
        let mut places = [0; LONGEST + 2];
        for length in 1..=LONGEST {
            places[length + 1] = places[length] + counts[length];
        }
        let mut code = Self { counts, symbols: vec![0; places[LONGEST + 1]] };
        for (symbol, length) in lengths.iter().enumerate().filter(|(_, length)| **length > 0) {
            code.symbols[places[*length]] = symbol;
            places[*length] += 1;
        }
        let used: usize = (1..=LONGEST).map(|length| code.counts[length] << (LONGEST - length)).sum();
        if code.symbols.is_empty() || (code.symbols.len() > 1 && used != 1 << LONGEST) {
            return Err(broken());
        }
        Ok(code)
    }

    pub(super) fn symbol(&self, bits: &mut Bits<'_>) -> Result<usize, RenderError> {
        if let [only] = self.symbols[..] {
            return Ok(only);
        }
        let (mut code, mut first, mut index) = (0, 0, 0);
        for count in &self.counts[1..] {
            code |= usize::from(bits.one()?);
            if code < first + count {
                return self.symbols.get(index + code - first).copied().ok_or_else(broken);
            }
            index += count;
            first = (first + count) << 1;
            code <<= 1;
        }
        Err(broken())
    }

    /// Symbols with a code of more bits than this, and the bits of the longest code, if there are several.
    pub(super) fn longer_than(&self, length: usize) -> (usize, usize) {
        let longest = self.counts.iter().rposition(|count| *count > 0).unwrap_or_default();
        (self.counts[length + 1..].iter().sum(), longest)
    }

    pub(super) fn is_single(&self) -> bool {
        self.symbols.len() == 1
    }
}

fn broken() -> RenderError {
    RenderError::corrupt("its codes contradict each other")
}
