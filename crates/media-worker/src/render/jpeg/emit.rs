//! Writing blocks in Huffman codes (T.81, F.1.2).

use super::super::RenderError;
use super::bits::BitWriter;
use super::huffman::Encoder;

/// Why splicing stopped.
#[derive(Debug)]
pub(super) enum Stop {
    /// The tables at hand have no code for a symbol.
    NoCode,
    Render(RenderError),
}

impl From<RenderError> for Stop {
    fn from(error: RenderError) -> Self {
        Self::Render(error)
    }
}

#[inline(always)]
pub(super) fn symbol(
    writer: &mut BitWriter,
    encoder: &Encoder,
    symbol: u8,
    bits: u32,
    size: u32,
) -> Result<(), Stop> {
    let (code, length) = encoder.code(symbol);
    if length == 0 {
        return Err(Stop::NoCode);
    }
    writer.put(u32::from(code) << size | bits, u32::from(length) + size);
    Ok(())
}

/// A number as its size and its bits (T.81, F.1.2.1).
fn split(value: i32) -> (u32, u32) {
    let size = 32 - value.unsigned_abs().leading_zeros();
    let bits = if value < 0 { value - 1 } else { value };
    (size, bits as u32 & ((1u32 << size.min(31)) - 1))
}

#[inline(always)]
pub(super) fn dc(writer: &mut BitWriter, encoder: &Encoder, difference: i32) -> Result<(), Stop> {
    let (size, bits) = split(difference);
    if size > 15 {
        return Err(Stop::NoCode);
    }
    symbol(writer, encoder, size as u8, bits, size)
}

/// Writes the AC coefficients that `present` has a bit for, counted in zigzag order; the others are zero.
#[inline(always)]
pub(super) fn ac(
    writer: &mut BitWriter,
    encoder: &Encoder,
    present: u64,
    value: impl Fn(u32) -> i32,
) -> Result<(), Stop> {
    let mut left = present & !1;
    let mut last = 0;
    while left > 0 {
        let index = left.trailing_zeros();
        left &= left - 1;
        let mut zeros = index - last - 1;
        last = index;
        while zeros > 15 {
            symbol(writer, encoder, 0xf0, 0, 0)?;
            zeros -= 16;
        }
        let (size, bits) = split(value(index));
        if size > 15 {
            return Err(Stop::NoCode);
        }
        symbol(writer, encoder, (zeros << 4 | size) as u8, bits, size)?;
    }
    if last < 63 {
        symbol(writer, encoder, 0x00, 0, 0)?;
    }
    Ok(())
}
