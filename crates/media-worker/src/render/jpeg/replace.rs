//! The plate as blocks.

use super::super::pixels::blend;
use super::super::plate::Plate;
use super::block::Block;
use super::layout::Part;

/// What a block has to do with the plate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cover {
    None,
    Partly,
    Wholly,
}

/// A block of the picture: which part, and where in the picture.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spot<'a> {
    pub(super) part: &'a Part,
    pub(super) is_luma: bool,
    /// Pixels of the picture.
    pub(super) x: u32,
    pub(super) y: u32,
}

impl Spot<'_> {
    pub(super) fn cover(&self, plate: &Plate) -> Cover {
        let (width, height) = (8 * self.part.step_x, 8 * self.part.step_y);
        if plate.covers(self.x, self.y, width, height) {
            Cover::Wholly
        } else if plate.touches(self.x, self.y, width, height) {
            Cover::Partly
        } else {
            Cover::None
        }
    }

    /// The block with the plate over it; `under` is what the picture has there, and not asked for where the plate
    /// covers it wholly.
    pub(super) fn painted(&self, plate: &Plate, under: Option<&Block>) -> Block {
        let steps = &self.part.steps;
        let Some(under) = under else {
            // Colour of grey: 128, which is zero in every coefficient.
            return if self.is_luma { self.plain(plate) } else { Block([0; 64]) };
        };
        let mut samples = under.samples(steps);
        for (at, sample) in (0u32..).zip(&mut samples) {
            let x = self.x + at % 8 * self.part.step_x;
            let y = self.y + at / 8 * self.part.step_y;
            let (over, alpha) = self.over(plate, x, y);
            blend(std::slice::from_mut(sample), &[over], alpha);
        }
        Block::of_samples(&samples, steps)
    }

    /// A block of nothing but the plate.
    fn plain(&self, plate: &Plate) -> Block {
        let (left, top) = ((self.x - plate.rect.x) as usize, self.y - plate.rect.y);
        let mut samples = [0; 64];
        for (row, y) in samples.chunks_exact_mut(8).zip(top..) {
            row.copy_from_slice(&plate.row(y)[left..left + 8]);
        }
        Block::of_samples(&samples, &self.part.steps)
    }

    /// What the plate has for the sample at a pixel, and how much of it.
    fn over(&self, plate: &Plate, x: u32, y: u32) -> (u8, u8) {
        let rect = plate.rect;
        let inside = |x: u32, y: u32| {
            let (x, y) = (x.checked_sub(rect.x)?, y.checked_sub(rect.y)?);
            (x < rect.width && y < rect.height).then_some((x, y))
        };
        if self.is_luma {
            return inside(x, y).map_or((0, 0), |(x, y)| (plate.row(y)[x as usize], plate.coverage(x, y)));
        }
        let (across, down) = (self.part.step_x, self.part.step_y);
        let sum: u32 = (0..across * down)
            .filter_map(|at| inside(x + at % across, y + at / across))
            .map(|(x, y)| u32::from(plate.coverage(x, y)))
            .sum();
        (128, (sum / (across * down)) as u8)
    }
}
