//! Bits of the coded picture, with the zero byte that T.81 (F.1.2.3) stuffs after each 0xFF.

use super::super::RenderError;

/// Reads from the most significant bit.
#[derive(Debug, Clone)]
pub(super) struct BitReader<'a> {
    data: &'a [u8],
    position: usize,
    /// Bits not yet consumed, from the top.
    held: u64,
    count: u32,
    /// Zero bits that were made up because a marker or the end came.
    padding: u32,
}

impl<'a> BitReader<'a> {
    pub(super) fn new(data: &'a [u8], position: usize) -> Self {
        Self { data, position, held: 0, count: 0, padding: 0 }
    }

    /// Makes at least 32 bits available.
    #[inline(always)]
    pub(super) fn refill(&mut self) {
        if self.count >= 32 {
            return;
        }
        if let Some(next) = self.data.get(self.position..self.position + 8)
            && let Ok(next) = next.try_into()
        {
            let next = u64::from_be_bytes(next);
            const ONES: u64 = 0x0101_0101_0101_0101;
            // Non-zero when a byte is 0xFF: then its complement is zero and borrows.
            if (!next).wrapping_sub(ONES) & next & (ONES << 7) == 0 {
                self.held |= next >> self.count;
                self.position += ((63 - self.count) >> 3) as usize;
                self.count |= 56;
                return;
            }
        }
        self.refill_slowly();
    }

    fn refill_slowly(&mut self) {
        while self.count <= 56 {
            let byte = match self.data.get(self.position..) {
                Some([0xff, 0x00, ..]) => {
                    self.position += 2;
                    0xff
                }
                Some([byte, ..]) if *byte != 0xff => {
                    self.position += 1;
                    *byte
                }
                _ => {
                    self.padding += 8;
                    0
                }
            };
            self.held |= u64::from(byte) << (56 - self.count);
            self.count += 8;
        }
    }

    /// The next bits, 1 to 32, of those that are available.
    #[inline(always)]
    pub(super) fn peek(&self, bits: u32) -> u32 {
        (self.held >> (64 - bits)) as u32
    }

    #[inline(always)]
    pub(super) fn consume(&mut self, bits: u32) {
        self.held <<= bits;
        self.count -= bits;
    }

    /// Fails once bits were consumed that the file does not have.
    #[inline(always)]
    pub(super) fn check(&self) -> Result<(), RenderError> {
        if self.padding > self.count {
            return Err(RenderError::Truncated);
        }
        Ok(())
    }

    /// Where the next bit is: the byte, and how many of its bits are consumed.
    pub(super) fn place(&self) -> (usize, u32) {
        let unread = self.count.saturating_sub(self.padding);
        let mut position = self.position;
        for _ in 0..unread.div_ceil(8) {
            let stuffed = position >= 2 && self.data[position - 2..position] == [0xff, 0];
            position -= if stuffed { 2 } else { 1 };
        }
        (position, (8 - unread % 8) % 8)
    }

    /// Goes to the byte after a restart marker, which must come next.
    pub(super) fn restart(&mut self, number: u8) -> Result<(), RenderError> {
        let (mut position, bit) = self.place();
        if bit > 0 {
            position += match self.data.get(position..) {
                Some([0xff, 0x00, ..]) => 2,
                _ => 1,
            };
        }
        match self.data.get(position..) {
            Some([0xff, marker, ..]) if *marker == super::segments::RST0 + number => {}
            Some([_, _, ..]) => return Err(RenderError::corrupt("a restart marker is missing")),
            _ => return Err(RenderError::Truncated),
        }
        *self = Self::new(self.data, position + 2);
        Ok(())
    }
}

/// Writes from the most significant bit.
#[derive(Debug)]
pub(super) struct BitWriter {
    pub(super) out: Vec<u8>,
    held: u64,
    count: u32,
}

impl BitWriter {
    pub(super) fn new(out: Vec<u8>) -> Self {
        Self { out, held: 0, count: 0 }
    }

    /// Appends the low `bits`, up to 32, of `value`.
    #[inline(always)]
    pub(super) fn put(&mut self, value: u32, bits: u32) {
        self.held = self.held << bits | u64::from(value);
        self.count += bits;
        if self.count >= 32 {
            self.flush_word();
        }
    }

    #[inline(always)]
    fn flush_word(&mut self) {
        self.count -= 32;
        let word = (self.held >> self.count) as u32;
        let bytes = word.to_be_bytes();
        if bytes.contains(&0xff) {
            bytes.into_iter().for_each(|byte| self.push(byte));
        } else {
            self.out.extend_from_slice(&bytes);
        }
    }

    fn push(&mut self, byte: u8) {
        self.out.push(byte);
        if byte == 0xff {
            self.out.push(0);
        }
    }

    /// Writes the whole bytes; where the next bit goes: the byte, and how many of its bits are taken.
    pub(super) fn place(&mut self) -> (usize, u32) {
        while self.count >= 8 {
            self.count -= 8;
            self.push((self.held >> self.count) as u8);
        }
        (self.out.len(), self.count)
    }

    /// Appends the bits of a coded picture between two places: each a byte, and how many of its bits are before it.
    pub(super) fn copy(&mut self, data: &[u8], from: (usize, u32), to: (usize, u32)) {
        let between = &data[from.0..to.0];
        // Each 0xFF has a stuffed byte behind it, which is no part of the picture.
        let stuffed = between.iter().filter(|byte| **byte == 0xff).count();
        let mut bits = (8 * (between.len() - stuffed) + to.1 as usize).saturating_sub(from.1 as usize);
        let mut reader = BitReader::new(data, from.0);
        reader.refill();
        reader.consume(from.1);
        while bits > 0 {
            let some = bits.min(32) as u32;
            reader.refill();
            self.put(reader.peek(some), some);
            reader.consume(some);
            bits -= some as usize;
        }
    }

    /// Fills the last byte with ones (T.81, F.1.2.3).
    pub(super) fn align(&mut self) {
        let (_, taken) = self.place();
        if taken > 0 {
            let free = 8 - taken;
            self.put((1 << free) - 1, free);
            self.place();
        }
    }
}
