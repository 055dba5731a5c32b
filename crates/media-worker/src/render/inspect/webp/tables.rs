//! How large the code tables of a lossless WebP get in the decoder (RFC 9649, section 3).
//!
//! Read up to the pixels themselves. What comes before is read as the decoder does, but no picture is made of it:
//! copies and cached colours only repeat what was written out, and of the entropy image only its largest number
//! counts.

use super::{
    Chunk, RenderError,
    prefix::{Bits, Code},
};

/// Symbols of a group's five codes; the first has the cached colours besides.
const ALPHABETS: [usize; 5] = [256 + LENGTHS, 256, 256, 256, 40];
/// Prefixes of lengths, after the 256 greens.
const LENGTHS: usize = 24;
const GREEN: usize = 0;
const RED: usize = 1;
const DISTANCE: usize = 4;

/// Bits that the decoder looks up at once; what is longer is in a tree.
const LOOKED_UP: usize = 10;
/// Bytes of an entry of its table, and of one of the two nodes that a longer code takes.
const ENTRY: usize = 4;
const NODE: usize = 16;
/// Bytes of a group beside its tables, whatever is in it: five headers, three times while their list grows, and what
/// the allocator adds.
const GROUP: usize = 1_024;

/// Bytes; 0 for a chunk that has no such codes. `size` is that of its frame, in pixels.
pub(super) fn of((kind, data): Chunk<'_>, size: (u32, u32)) -> Result<u64, RenderError> {
    // Of four bits in the lowest two: 0 is not compressed.
    let compressed = data.first().is_some_and(|info| info & 0b11 == 1);
    match kind {
        b"VP8L" => {
            let mut bits = Bits::of(data);
            // Signature, width and height, transparency and version.
            bits.take(8 + 14 + 14 + 1 + 3)?;
            Reader { bits }.tables(size)
        }
        b"ALPH" if compressed => Reader { bits: Bits::of(&data[1..]) }.tables(size),
        _ => Ok(0),
    }
}

struct Reader<'a> {
    bits: Bits<'a>,
}

impl Reader<'_> {
    fn tables(mut self, (width, height): (u32, u32)) -> Result<u64, RenderError> {
        let (mut width, height) = (width as usize, height as usize);
        while self.bits.one()? {
            match self.bits.take(2)? {
                // Of prediction, and of colour.
                0 | 1 => {
                    let side = 2 + self.bits.take(3)?;
                    self.small_picture(width.div_ceil(1 << side) * height.div_ceil(1 << side))?;
                }
                3 => {
                    let colours = self.bits.take(8)? + 1;
                    self.small_picture(colours)?;
                    let packed = match colours {
                        0..=2 => 8,
                        3..=4 => 4,
                        5..=16 => 2,
                        _ => 1,
                    };
                    width = width.div_ceil(packed);
                }
                _ => {}
            }
        }
        let cached = self.cached_colours()?;
        let mut groups = 1;
        if self.bits.one()? {
            let side = 2 + self.bits.take(3)?;
            groups = 1 + self.small_picture(width.div_ceil(1 << side) * height.div_ceil(1 << side))?;
        }
        let mut bytes = 0;
        for _ in 0..groups {
            bytes += GROUP;
            for code in self.group(cached)? {
                let (long, longest) = code.longer_than(LOOKED_UP);
                if !code.is_single() {
                    bytes += (ENTRY << longest.min(LOOKED_UP)) + 2 * NODE * long.max(2);
                }
            }
        }
        Ok(bytes as u64)
    }

    fn cached_colours(&mut self) -> Result<usize, RenderError> {
        Ok(if self.bits.one()? { 1 << self.bits.take(4)? } else { 0 })
    }

    fn group(&mut self, cached: usize) -> Result<[Code; 5], RenderError> {
        let mut group = <[Code; 5]>::default();
        for (place, (code, alphabet)) in group.iter_mut().zip(ALPHABETS).enumerate() {
            let cached = if place == GREEN { cached } else { 0 };
            *code = Code::read(&mut self.bits, alphabet + cached)?;
        }
        Ok(group)
    }

    /// Passes over a picture with one group of codes. The largest of its pixels, as 256 times red and green.
    fn small_picture(&mut self, pixels: usize) -> Result<usize, RenderError> {
        let cached = self.cached_colours()?;
        let group = self.group(cached)?;
        let (mut done, mut largest) = (0, 0);
        while done < pixels {
            let symbol = group[GREEN].symbol(&mut self.bits)?;
            if let Some(length) = symbol.checked_sub(256).filter(|length| *length < LENGTHS) {
                done += self.distance(length)?;
                let distance = group[DISTANCE].symbol(&mut self.bits)?;
                self.distance(distance)?;
                continue;
            }
            if symbol < 256 {
                let red = group[RED].symbol(&mut self.bits)?;
                group[RED + 1..DISTANCE].iter().try_for_each(|code| code.symbol(&mut self.bits).map(drop))?;
                largest = largest.max(red << 8 | symbol);
            }
            done += 1;
        }
        Ok(largest)
    }

    /// A length or a distance after its prefix.
    fn distance(&mut self, prefix: usize) -> Result<usize, RenderError> {
        if prefix < 4 {
            return Ok(prefix + 1);
        }
        let extra = (prefix - 2) >> 1;
        Ok(((2 + (prefix & 1)) << extra) + self.bits.take(extra)? + 1)
    }
}
