//! Decoding one rectangle's brightness out of a JPEG.

use super::super::RenderError;
use super::super::plate::Rect;
use super::super::read_back::Crop;
use super::block::Block;
use super::header::Header;
use super::layout::Layout;
use super::scan::{Decoders, Place, Scan};

/// Reads `rect`, whose corner is on a multiple of 8 pixels, from the coded bits of `bytes`; reading begins at `from`,
/// or at the first bit. `None` when the file is not one baseline scan.
pub(crate) fn read_region(
    bytes: &[u8],
    header: &Header,
    from: Option<Place>,
    rect: Rect,
) -> Result<Option<Crop>, RenderError> {
    let Some(layout) = Layout::of(header) else {
        return Ok(None);
    };
    let from = from.unwrap_or(Place { byte: header.scan_start, ..Place::default() });
    let decoders = Decoders::new(&header.tables);
    let mut scan = Scan::new(bytes, &decoders, &layout, from)?;
    let mut crop = Crop {
        luma: vec![0; rect.width as usize * rect.height as usize],
        width: rect.width as usize,
        height: rect.height as usize,
    };
    let below = (rect.y + rect.height).div_ceil(layout.mcu_height);
    for row in from.row..below.min(layout.rows) {
        for column in 0..layout.columns {
            scan.begin(row, column)?;
            for (index, part) in layout.parts.iter().enumerate() {
                for block in 0..part.across * part.down {
                    let x = 8 * (column * part.across + block % part.across);
                    let y = 8 * (row * part.down + block / part.across);
                    let dc = scan.dc(index)?;
                    let inside = (rect.x..rect.x + rect.width).contains(&x)
                        && (rect.y..rect.y + rect.height).contains(&y);
                    if index > 0 || !inside {
                        scan.skip_ac(index)?;
                        continue;
                    }
                    let mut coefficients = [0; 64];
                    scan.read_ac(index, &mut coefficients)?;
                    let mut block = Block(coefficients.map(i32::from));
                    block.0[0] = dc;
                    let samples = block.samples(&part.steps);
                    place(&mut crop, (x - rect.x) as usize, (y - rect.y) as usize, &samples);
                }
            }
        }
    }
    scan.finish()?;
    Ok(Some(crop))
}

/// Copies a block into the crop, as much of it as is inside.
fn place(crop: &mut Crop, x: usize, y: usize, samples: &[u8; 64]) {
    let width = (crop.width - x).min(8);
    let rows = crop.luma.chunks_exact_mut(crop.width).skip(y);
    for (target, row) in rows.zip(samples.chunks_exact(8)) {
        target[x..x + width].copy_from_slice(&row[..width]);
    }
}
