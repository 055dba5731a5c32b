//! Turning a baseline JPEG upright without decoding it.
//!
//! A mirrored block has the odd frequencies of that direction negated, and a block on its side has its frequencies
//! transposed; so turning moves blocks and coefficients and loses nothing. It works where the sides that are mirrored
//! are whole MCUs, as phones make them.

use image::metadata::Orientation;

use super::super::RenderError;
use super::bits::BitWriter;
use super::block::ZIGZAG;
use super::emit::{self, Stop};
use super::header::Header;
use super::layout::Layout;
use super::scan::{Decoders, Place, Scan};
use super::segments::EOI;
use super::{splice, standard, write};

/// What is done to the stored picture: mirrored across, mirrored down, then laid on its side.
#[derive(Debug, Clone, Copy)]
struct Moves {
    across: bool,
    down: bool,
    transpose: bool,
}

impl Moves {
    fn of(orientation: Orientation) -> Self {
        let (across, down, transpose) = match orientation {
            Orientation::NoTransforms => (false, false, false),
            Orientation::FlipHorizontal => (true, false, false),
            Orientation::Rotate180 => (true, true, false),
            Orientation::FlipVertical => (false, true, false),
            Orientation::Rotate90FlipH => (false, false, true),
            Orientation::Rotate90 => (false, true, true),
            Orientation::Rotate270FlipH => (true, true, true),
            Orientation::Rotate270 => (true, false, true),
        };
        Self { across, down, transpose }
    }

    /// Where the stored block is that comes to `x`, `y`; `stored` is the size of the stored picture in blocks.
    fn source(self, x: u32, y: u32, stored: (u32, u32)) -> (u32, u32) {
        let (x, y) = if self.transpose { (y, x) } else { (x, y) };
        (if self.across { stored.0 - 1 - x } else { x }, if self.down { stored.1 - 1 - y } else { y })
    }

    /// For each stored coefficient, both in zigzag order: where it comes to, and its sign.
    fn coefficients(self) -> [(u8, i16); 64] {
        std::array::from_fn(|index| {
            let at = ZIGZAG[index];
            let (row, column) = (at / 8, at % 8);
            let odd = (self.across && column % 2 == 1) != (self.down && row % 2 == 1);
            let to = if self.transpose { 8 * column + row } else { at };
            let to = ZIGZAG.iter().position(|at| *at == to);
            (to.unwrap_or_default() as u8, if odd { -1 } else { 1 })
        })
    }
}

/// The same picture stored upright; `None` where only decoding can do it.
///
/// # Errors
/// `truncated` when the coded picture ends early.
pub(crate) fn turn(bytes: &[u8], header: &Header) -> Result<Option<Vec<u8>>, RenderError> {
    let moves = Moves::of(header.orientation);
    let Some(layout) = Layout::of(header) else {
        return Ok(None);
    };
    let whole = |mirrored: bool, side: u32, mcu: u32| !mirrored || side.is_multiple_of(mcu);
    if !whole(moves.across, header.width, layout.mcu_width)
        || !whole(moves.down, header.height, layout.mcu_height)
    {
        return Ok(None);
    }
    let turned = read(bytes, header, &layout)
        .map_err(Stop::from)
        .and_then(|parts| recode(&parts, header, &layout, moves));
    match turned {
        Ok(turned) => Ok(Some(turned)),
        Err(Stop::Render(RenderError::Truncated)) => Err(RenderError::Truncated),
        Err(Stop::NoCode | Stop::Render(_)) => Ok(None),
    }
}

/// Blocks of one part, row by row.
struct Blocks {
    across: u32,
    down: u32,
    coefficients: Vec<[i16; 64]>,
    /// A bit for each AC coefficient that is not zero.
    present: Vec<u64>,
}

fn read(bytes: &[u8], header: &Header, layout: &Layout) -> Result<Vec<Blocks>, RenderError> {
    let decoders = Decoders::new(&header.tables);
    let start = Place { byte: header.scan_start, ..Place::default() };
    let mut scan = Scan::new(bytes, &decoders, layout, start)?;
    let empty = layout.parts.iter().map(|part| {
        let (across, down) = (layout.columns * part.across, layout.rows * part.down);
        let count = (across * down) as usize;
        Blocks { across, down, coefficients: vec![[0; 64]; count], present: vec![0; count] }
    });
    let mut parts: Vec<Blocks> = empty.collect();
    for row in 0..layout.rows {
        for column in 0..layout.columns {
            scan.begin(row, column)?;
            for (index, part) in layout.parts.iter().enumerate() {
                for block in 0..part.across * part.down {
                    let x = column * part.across + block % part.across;
                    let y = row * part.down + block / part.across;
                    let dc = scan.dc(index)?;
                    let at = (y * parts[index].across + x) as usize;
                    let target = &mut parts[index].coefficients[at];
                    target[0] =
                        i16::try_from(dc).map_err(|_| RenderError::corrupt("an impossible DC value"))?;
                    parts[index].present[at] = scan.read_ac(index, target)?;
                }
            }
        }
    }
    scan.finish()?;
    Ok(parts)
}

fn recode(stored: &[Blocks], header: &Header, layout: &Layout, moves: Moves) -> Result<Vec<u8>, Stop> {
    let target = upright_header(header, moves);
    let encoders = splice::encoders(&target);
    let coefficients = moves.coefficients();
    let mut out = Vec::new();
    write::headers(&mut out, &target, &target.tables);
    let mut writer = BitWriter::new(out);
    let mut written = [0; 3];
    // Only what `present` tells of is read, so nothing is cleared.
    let mut moved = [0i16; 64];
    let turned = |across: u32, down: u32| if moves.transpose { (down, across) } else { (across, down) };
    let (columns, rows) = turned(layout.columns, layout.rows);
    for mcu in 0..columns * rows {
        let parts = stored.iter().zip(&layout.parts).zip(&encoders);
        for (index, ((blocks, part), (dc, ac))) in parts.enumerate() {
            let (across, down) = turned(part.across, part.down);
            for block in 0..across * down {
                let x = mcu % columns * across + block % across;
                let y = mcu / columns * down + block / across;
                let (x, y) = moves.source(x, y, (blocks.across, blocks.down));
                let at = (y * blocks.across + x) as usize;
                let stored = &blocks.coefficients[at];
                let present = shift(stored, blocks.present[at], &coefficients, &mut moved);
                let dc_value = i32::from(stored[0]);
                emit::dc(&mut writer, dc, dc_value - written[index])?;
                written[index] = dc_value;
                emit::ac(&mut writer, ac, present, |at| i32::from(moved[at as usize]))?;
            }
        }
    }
    writer.align();
    writer.out.extend([0xff, EOI]);
    Ok(writer.out)
}

/// Moves the coefficients that `present` tells of to their new places; returns what tells of them there.
#[inline(always)]
fn shift(stored: &[i16; 64], present: u64, coefficients: &[(u8, i16); 64], moved: &mut [i16; 64]) -> u64 {
    let mut left = present;
    let mut new = 0;
    while left > 0 {
        let from = left.trailing_zeros() as usize;
        left &= left - 1;
        let (to, sign) = coefficients[from];
        moved[usize::from(to)] = stored[from].wrapping_mul(sign);
        new |= 1 << to;
    }
    new
}

fn upright_header(header: &Header, moves: Moves) -> Header {
    let mut target = standard::with_tables(header);
    target.restart_interval = 0;
    if moves.transpose {
        std::mem::swap(&mut target.width, &mut target.height);
        for component in &mut target.components {
            std::mem::swap(&mut component.horizontal, &mut component.vertical);
        }
        let order = Moves { across: false, down: false, transpose: true }.coefficients();
        for steps in target.quantization.iter_mut().flatten() {
            let stored = *steps;
            // Transposing twice changes nothing, so where a step goes is also where it comes from.
            *steps = order.map(|(at, _)| stored[usize::from(at)]);
        }
    }
    target
}
