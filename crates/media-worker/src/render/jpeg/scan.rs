//! Reading a baseline scan block by block (T.81, F.2).

use super::super::RenderError;
use super::bits::{BitReader, BitWriter};
use super::emit::{self, Stop};
use super::header::Tables;
use super::huffman::{Decoder, Encoder, Entry};
use super::layout::Layout;

/// A point between two rows of MCUs from which reading can go on.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Place {
    pub(super) row: u32,
    pub(super) byte: usize,
    pub(super) bit: u32,
    /// DC values that the next differences are to.
    pub(super) previous: [i32; 3],
}

/// Three lowest AC coefficients: across, down, both.
pub(super) type Low = [i32; 3];

/// The tables of a file for reading, by number.
#[derive(Debug)]
pub(super) struct Decoders {
    dc: [Option<Decoder>; 4],
    ac: [Option<Decoder>; 4],
}

impl Decoders {
    pub(super) fn new(tables: &Tables) -> Self {
        let decoders = |specs: &[Option<_>; 4]| specs.each_ref().map(|s| s.as_ref().map(Decoder::new));
        Self { dc: decoders(&tables.dc), ac: decoders(&tables.ac) }
    }
}

#[derive(Debug)]
pub(super) struct Scan<'a> {
    pub(super) reader: BitReader<'a>,
    /// DC and AC tables by part.
    pub(super) tables: Vec<(&'a Decoder, &'a Decoder)>,
    columns: u32,
    restart_interval: u32,
    pub(super) previous: [i32; 3],
}

impl<'a> Scan<'a> {
    pub(super) fn new(
        bytes: &'a [u8],
        decoders: &'a Decoders,
        layout: &Layout,
        from: Place,
    ) -> Result<Self, RenderError> {
        let mut reader = BitReader::new(bytes, from.byte);
        reader.refill();
        reader.consume(from.bit);
        let tables = layout.parts.iter().map(|part| {
            let dc = decoders.dc[part.dc].as_ref().ok_or(NO_TABLE)?;
            let ac = decoders.ac[part.ac].as_ref().ok_or(NO_TABLE)?;
            Ok::<_, RenderError>((dc, ac))
        });
        Ok(Self {
            reader,
            tables: tables.collect::<Result<_, _>>()?,
            columns: layout.columns,
            restart_interval: layout.restart_interval,
            previous: from.previous,
        })
    }

    pub(super) fn place(&self, row: u32) -> Place {
        let (byte, bit) = self.reader.place();
        Place { row, byte, bit, previous: self.previous }
    }

    /// To be called before each MCU; the number of the restart marker that was read, if one was due.
    #[inline(always)]
    pub(super) fn begin(&mut self, row: u32, column: u32) -> Result<Option<u8>, RenderError> {
        self.reader.check()?;
        if self.restart_interval == 0 {
            return Ok(None);
        }
        let index = row * self.columns + column;
        if index == 0 || !index.is_multiple_of(self.restart_interval) {
            return Ok(None);
        }
        let number = ((index / self.restart_interval - 1) % 8) as u8;
        self.reader.restart(number)?;
        self.previous = [0; 3];
        Ok(Some(number))
    }

    /// To be called after the last MCU.
    pub(super) fn finish(&self) -> Result<(), RenderError> {
        self.reader.check()
    }

    /// The DC value of the next block.
    #[inline(always)]
    pub(super) fn dc(&mut self, part: usize) -> Result<i32, RenderError> {
        dc(&mut self.reader, self.tables[part].0, &mut self.previous[part])
    }

    /// Passes over the rest of a block.
    #[inline(always)]
    pub(super) fn skip_ac(&mut self, part: usize) -> Result<(), RenderError> {
        skip_ac::<false>(&mut self.reader, self.tables[part].1).map(|_| ())
    }

    /// Passes over an MCU; `note` is told the part of each block, its column and row in the MCU, its DC value, and its
    /// lowest coefficients if `LOW`.
    #[inline(always)]
    pub(super) fn skip<const LOW: bool>(
        &mut self,
        layout: &Layout,
        mut note: impl FnMut(usize, (u32, u32), i32, Low),
    ) -> Result<(), RenderError> {
        // A copy, which the compiler can keep in registers.
        let mut reader = self.reader.clone();
        let parts = layout.parts.iter().zip(&self.tables);
        for (index, (part, (dc_table, ac_table))) in parts.enumerate() {
            for row in 0..part.down {
                for column in 0..part.across {
                    let dc = dc(&mut reader, dc_table, &mut self.previous[index])?;
                    let low = skip_ac::<LOW>(&mut reader, ac_table)?;
                    note(index, (column, row), dc, low);
                }
            }
        }
        self.reader = reader;
        Ok(())
    }

    /// Carries the rest of a block over to `writer`, in its own codes or in those of `encoder`.
    #[inline(always)]
    pub(super) fn copy_ac<const LOW: bool>(
        &mut self,
        part: usize,
        writer: &mut BitWriter,
        encoder: Option<&Encoder>,
    ) -> Result<Low, Stop> {
        let mut low = Lowest::default();
        each_ac(&mut self.reader, self.tables[part].1, |reader, entry, index| {
            if LOW {
                low.note(reader, entry, index);
            }
            let total = u32::from(entry.total);
            match encoder {
                None => writer.put(reader.peek(total), total),
                Some(encoder) => {
                    let size = u32::from(entry.symbol & 15);
                    let bits = reader.peek(total) & ((1 << size) - 1);
                    emit::symbol(writer, encoder, entry.symbol, bits, size)?;
                }
            }
            Ok::<_, Stop>(())
        })?;
        Ok(low.three())
    }

    /// Reads the rest of a block into `block`, in zigzag order; returns a bit for each value it wrote.
    pub(super) fn read_ac(&mut self, part: usize, block: &mut [i16; 64]) -> Result<u64, RenderError> {
        let mut present = 0;
        each_ac(&mut self.reader, self.tables[part].1, |reader, entry, index| {
            if entry.symbol & 15 > 0 {
                let at = index + u32::from(entry.symbol >> 4);
                // At most 15 bits and a sign.
                *block.get_mut(at as usize).ok_or(OVERFULL)? = value(reader, entry) as i16;
                present |= 1 << at;
            }
            Ok::<_, RenderError>(())
        })?;
        Ok(present)
    }
}

#[inline(always)]
pub(super) fn dc(
    reader: &mut BitReader<'_>,
    table: &Decoder,
    previous: &mut i32,
) -> Result<i32, RenderError> {
    reader.refill();
    let entry = table.peek(reader)?;
    if entry.symbol > 15 {
        return Err(RenderError::corrupt("an impossible DC size"));
    }
    let value = value(reader, entry);
    reader.consume(entry.total.into());
    *previous = previous.wrapping_add(value);
    Ok(*previous)
}

/// Passes over the rest of a block; reads its lowest coefficients if `LOW`.
#[inline(always)]
pub(super) fn skip_ac<const LOW: bool>(
    reader: &mut BitReader<'_>,
    table: &Decoder,
) -> Result<Low, RenderError> {
    let mut low = Lowest::default();
    let mut index = 1;
    while LOW && index <= 4 {
        reader.refill();
        let entry = table.peek(reader)?;
        low.note(reader, entry, index);
        reader.consume(entry.total.into());
        index += u32::from(entry.advance);
    }
    while index < 64 {
        reader.refill();
        let stride = table.stride(reader);
        // A block that ends without an end-of-block code ends within the stride; the rest of it is the next one's.
        if stride.total > 0 && index + u32::from(stride.before) < 64 {
            reader.consume(stride.total.into());
            index += u32::from(stride.advance);
        } else {
            let entry = table.peek(reader)?;
            reader.consume(entry.total.into());
            index += u32::from(entry.advance);
        }
    }
    at_end(index)?;
    Ok(low.three())
}

fn at_end(index: u32) -> Result<(), RenderError> {
    if index > 64 && index < super::huffman::END_OF_BLOCK {
        return Err(OVERFULL);
    }
    Ok(())
}

/// Calls `visit` for each AC symbol, before it is consumed.
#[inline(always)]
pub(super) fn each_ac<'a, E: From<RenderError>>(
    reader: &mut BitReader<'a>,
    table: &Decoder,
    mut visit: impl FnMut(&BitReader<'a>, Entry, u32) -> Result<(), E>,
) -> Result<(), E> {
    let mut index = 1;
    while index < 64 {
        reader.refill();
        let entry = table.peek(reader)?;
        visit(reader, entry, index)?;
        reader.consume(entry.total.into());
        index += u32::from(entry.advance);
    }
    Ok(at_end(index)?)
}

const NO_TABLE: RenderError =
    RenderError::UnsupportedEncoding { detail: "a JPEG without its Huffman tables" };
const OVERFULL: RenderError =
    RenderError::UnsupportedEncoding { detail: "a JPEG block of more than 64 values" };

/// The number behind a symbol (T.81, F.2.2.1): the lower half of its bits' range is negative. Signs are as good as
/// random, so there is no branch on them.
#[inline(always)]
fn value(reader: &BitReader<'_>, entry: Entry) -> i32 {
    let range = 1 << (entry.symbol & 15);
    let bits = (reader.peek(entry.total.into()) & (range - 1)) as i32;
    bits - if bits < range as i32 >> 1 { range as i32 - 1 } else { 0 }
}

/// Coefficients by their index, and in the last place whatever is beyond; without a branch as well.
#[derive(Default)]
struct Lowest([i32; 6]);

impl Lowest {
    /// Takes any AC symbol: one that has no value is a zero where there is one.
    #[inline(always)]
    fn note(&mut self, reader: &BitReader<'_>, entry: Entry, index: u32) {
        let at = index + u32::from(entry.symbol >> 4);
        self.0[at.min(5) as usize] = value(reader, entry);
    }

    /// Zigzag: 1 is one across, 2 is one down, 4 is both.
    #[inline(always)]
    fn three(&self) -> Low {
        [self.0[1], self.0[2], self.0[4]]
    }
}
