//! The picture with the plate in it, block by block.

use super::super::RenderError;
use super::super::pixels::Pixels;
use super::super::plate::Plate;
use super::super::read_back::Crop;
use super::bits::BitWriter;
use super::block::Block;
use super::emit::{self, Stop};
use super::header::Header;
use super::huffman::Encoder;
use super::layout::Layout;
use super::preview::{Grain, Preview};
use super::region::read_region_from;
use super::replace::{Cover, Spot};
use super::scan::{Decoders, Low, Place, Scan};
use super::segments::{EOI, RST0};
use super::{standard, write};

/// A spliced picture.
#[derive(Debug)]
pub(crate) struct Spliced {
    pub(crate) bytes: Vec<u8>,
    /// The thumbnail; `None` for small pictures, of which it is better made from pixels.
    pub(crate) thumbnail: Option<Pixels>,
    /// What the new file shows where the plate is, decoded from its bytes.
    pub(crate) crop: Crop,
}

/// Puts the plate into a baseline JPEG.
///
/// `None` when the file is of another kind, or damaged in a way that a lenient decoder may pass over.
///
/// # Errors
/// `truncated` when the coded picture ends early.
pub(crate) fn splice(
    bytes: &[u8],
    header: &Header,
    plate: &Plate,
    longest: u32,
) -> Result<Option<Spliced>, RenderError> {
    let Some(layout) = Layout::of(header) else {
        return Ok(None);
    };
    let mut spliced = with_tables(bytes, header, header, &layout, plate, longest);
    if matches!(spliced, Err(Stop::NoCode)) {
        // Tables made for this picture may lack what the plate needs: recode all of it.
        let target = standard::with_tables(header);
        spliced = with_tables(bytes, header, &target, &layout, plate, longest);
    }
    match spliced {
        Ok(spliced) => Ok(Some(spliced)),
        Err(Stop::Render(RenderError::Truncated)) => Err(RenderError::Truncated),
        Err(Stop::NoCode | Stop::Render(_)) => Ok(None),
    }
}

fn with_tables(
    bytes: &[u8],
    source: &Header,
    target: &Header,
    layout: &Layout,
    plate: &Plate,
    longest: u32,
) -> Result<Spliced, Stop> {
    let grain = Grain::of(source.width.max(source.height), longest);
    let decoders = Decoders::new(&source.tables);
    let splicer = Splicer::new(bytes, source, target, layout, plate, &decoders, grain)?;
    let (out, preview, place) =
        if grain == Grain::Two { splicer.run::<true>()? } else { splicer.run::<false>()? };
    let mut thumbnail = preview.finish((source.width, source.height), layout, longest)?;
    if let Some(thumbnail) = &mut thumbnail {
        thumbnail.icc.clone_from(&source.icc);
    }
    let rect = plate.surroundings(source.width, source.height);
    let crop = if target.tables == source.tables {
        read_region_from(&out, layout, &decoders, place, rect)?
    } else {
        // The parts have other tables, and these other numbers.
        let layout = Layout::of(target).ok_or_else(|| RenderError::corrupt("its new tables do not fit"))?;
        read_region_from(&out, &layout, &Decoders::new(&target.tables), place, rect)?
    };
    Ok(Spliced { bytes: out, thumbnail, crop })
}

struct Splicer<'a> {
    bytes: &'a [u8],
    scan_start: usize,
    layout: &'a Layout,
    plate: &'a Plate,
    scan: Scan<'a>,
    writer: BitWriter,
    /// Codes to write, DC and AC, by part.
    encoders: Vec<(Encoder, Encoder)>,
    /// True when codes need not change, so that bits can be copied.
    same_codes: bool,
    preview: Preview,
    /// DC values that the next written differences are to.
    written: [i32; 3],
    /// Rows and columns of MCUs that the plate is in.
    rows: std::ops::Range<u32>,
    columns: std::ops::Range<u32>,
}

impl<'a> Splicer<'a> {
    fn new(
        bytes: &'a [u8],
        source: &'a Header,
        target: &Header,
        layout: &'a Layout,
        plate: &'a Plate,
        decoders: &'a Decoders,
        grain: Grain,
    ) -> Result<Self, RenderError> {
        let mut out = Vec::with_capacity(bytes.len() + bytes.len() / 8);
        write::headers(&mut out, target, &target.tables);
        let start = Place { byte: source.scan_start, ..Place::default() };
        let rect = plate.surroundings(source.width, source.height);
        Ok(Self {
            bytes,
            scan_start: source.scan_start,
            layout,
            plate,
            scan: Scan::new(bytes, decoders, layout, start)?,
            writer: BitWriter::new(out),
            encoders: encoders(target),
            same_codes: source.tables == target.tables,
            preview: Preview::new(grain, layout),
            written: [0; 3],
            rows: rect.y / layout.mcu_height..(rect.y + rect.height).div_ceil(layout.mcu_height),
            columns: rect.x / layout.mcu_width..(rect.x + rect.width).div_ceil(layout.mcu_width),
        })
    }

    /// The file, its preview, and where in it the plate's rows begin.
    fn run<const LOW: bool>(mut self) -> Result<(Vec<u8>, Preview, Place), Stop> {
        let first_written = if self.same_codes { self.rows.start } else { 0 };
        let mut plate_place = Place::default();
        // Where the MCUs that are the same in both files began, if any are at hand.
        let mut same_from = None;
        for row in 0..self.layout.rows {
            if row == first_written {
                self.copy_above(row);
            }
            if row == self.rows.start {
                let (byte, bit) = self.writer.place();
                plate_place = Place { row, byte, bit, previous: self.written };
            }
            for column in 0..self.layout.columns {
                let restart = self.scan.begin(row, column)?;
                if row < first_written {
                    self.skip::<LOW>(row, column)?;
                    continue;
                }
                if let Some(number) = restart {
                    self.writer.align();
                    self.writer.out.extend([0xff, RST0 + number]);
                    self.written = [0; 3];
                }
                if self.rows.contains(&row) && self.columns.contains(&column) {
                    self.copy_since(same_from.take());
                    self.replace(row, column)?;
                } else if same_from.is_some() || self.is_same_from_here() {
                    if same_from.is_none() {
                        same_from = Some(self.scan.reader.place());
                    }
                    self.skip::<LOW>(row, column)?;
                } else {
                    self.carry::<LOW>(row, column)?;
                }
            }
        }
        self.scan.finish()?;
        self.copy_since(same_from);
        self.writer.align();
        self.writer.out.extend([0xff, EOI]);
        Ok((self.writer.out, self.preview, plate_place))
    }

    /// Copies what was read so far and goes on writing in the middle of its last byte.
    fn copy_above(&mut self, row: u32) {
        let place = self.scan.place(row);
        let above = &self.bytes[self.scan_start..place.byte];
        self.writer.out.extend_from_slice(above);
        if place.bit > 0 {
            let last = self.bytes[place.byte];
            self.writer.put(u32::from(last >> (8 - place.bit)), place.bit);
        }
        self.written = place.previous;
    }

    /// True when the next MCU has the same bits in both files: the same codes, and differences to the same values.
    #[inline(always)]
    fn is_same_from_here(&self) -> bool {
        self.same_codes && self.layout.restart_interval == 0 && self.written == self.scan.previous
    }

    /// Copies what was passed over since then.
    fn copy_since(&mut self, from: Option<(usize, u32)>) {
        if let Some(from) = from {
            self.writer.copy(self.bytes, from, self.scan.reader.place());
            self.written = self.scan.previous;
        }
    }

    /// Passes over an MCU.
    #[inline(always)]
    fn skip<const LOW: bool>(&mut self, row: u32, column: u32) -> Result<(), RenderError> {
        let (layout, preview) = (self.layout, &mut self.preview);
        self.scan.skip::<LOW>(layout, |index, (across, down), dc, low| {
            let part = &layout.parts[index];
            preview.put(index, column * part.across + across, row * part.down + down, dc, low);
        })
    }

    fn carry<const LOW: bool>(&mut self, row: u32, column: u32) -> Result<(), Stop> {
        for (index, part) in self.layout.parts.iter().enumerate() {
            for block in 0..part.across * part.down {
                let dc = self.scan.dc(index)?;
                self.write_dc(index, dc)?;
                let encoder = (!self.same_codes).then_some(&self.encoders[index].1);
                let low = self.scan.copy_ac::<LOW>(index, &mut self.writer, encoder)?;
                let x = column * part.across + block % part.across;
                let y = row * part.down + block / part.across;
                self.preview.put(index, x, y, dc, low);
            }
        }
        Ok(())
    }

    fn replace(&mut self, row: u32, column: u32) -> Result<(), Stop> {
        let layout = self.layout;
        for (index, part) in layout.parts.iter().enumerate() {
            for block in 0..part.across * part.down {
                let x = column * part.across + block % part.across;
                let y = row * part.down + block / part.across;
                let spot = Spot { part, is_luma: index == 0, x: 8 * part.step_x * x, y: 8 * part.step_y * y };
                let new = self.new_block(index, spot)?;
                self.write_dc(index, new.0[0])?;
                emit::ac(&mut self.writer, &self.encoders[index].1, new.present(), |at| new.0[at as usize])?;
                let low: Low = [new.0[1], new.0[2], new.0[4]];
                self.preview.put(index, x, y, new.0[0], low);
            }
        }
        Ok(())
    }

    fn new_block(&mut self, index: usize, spot: Spot<'_>) -> Result<Block, RenderError> {
        let dc = self.scan.dc(index)?;
        let cover = spot.cover(self.plate);
        if cover == Cover::Wholly {
            self.scan.skip_ac(index)?;
            return Ok(spot.painted(self.plate, None));
        }
        let mut coefficients = [0; 64];
        self.scan.read_ac(index, &mut coefficients)?;
        let mut block = Block(coefficients.map(i32::from));
        block.0[0] = dc;
        Ok(match cover {
            Cover::Partly => spot.painted(self.plate, Some(&block)),
            _ => block,
        })
    }

    #[inline(always)]
    fn write_dc(&mut self, index: usize, dc: i32) -> Result<(), Stop> {
        let difference = dc.wrapping_sub(self.written[index]);
        self.written[index] = dc;
        emit::dc(&mut self.writer, &self.encoders[index].0, difference)
    }
}

/// Codes of a file, DC and AC, by part.
pub(super) fn encoders(header: &Header) -> Vec<(Encoder, Encoder)> {
    let table = |specs: &[Option<_>; 4], number: u8| {
        specs[usize::from(number)].as_ref().map_or_else(Encoder::empty, Encoder::new)
    };
    let tables = &header.tables;
    let parts = header.components.iter();
    parts.map(|part| (table(&tables.dc, part.dc), table(&tables.ac, part.ac))).collect()
}
