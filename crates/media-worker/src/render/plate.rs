//! Where the code goes and how large it is; and the white plate it lies on, as pixels.

use events::images::{CodeSize, Corner, Placement};

use super::RenderError;
use qr_code::{Code, with_quiet_zone};

/// Fewest pixels per module, so that the picture can be shown at half size.
const MIN_MODULE_PX: u32 = 4;
/// Largest share of the short side that plate and inset may take, in per cent; beyond it nothing of the picture
/// is left.
const MAX_SHARE: u32 = 75;
/// Attempts after which a render is given up, at the most.
pub(crate) const MAX_ATTEMPTS: u32 = 5;

/// Share of the short side that the code takes at the most, attempt by attempt, in per cent. Modules are whole pixels,
/// so it takes down to four fifths of that: 20–25 %, 28–35 %, 40–50 % at the first attempt.
const fn shares(size: CodeSize) -> &'static [u32] {
    match size {
        CodeSize::Normal => &[25, 32, 40, 50, 60],
        CodeSize::Large => &[35, 42, 50, 60],
        CodeSize::Largest => &[50, 60],
    }
}

/// Pixels of the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rect {
    pub x: u32,
    pub y: u32,
    pub width: u32,
    pub height: u32,
}

/// What was painted where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Geometry {
    /// QR version, 1 to 40.
    pub version: u8,
    /// QR error correction level, `Q` or `H`.
    pub ec_level: char,
    /// Modules per side, without the quiet zone.
    pub modules: u32,
    /// Pixels per module.
    pub module_px: u32,
    /// The white plate: code, quiet zone of four modules, and a margin of one for the rounded corners.
    pub plate: Rect,
    /// Radius of the plate's corners in pixels.
    pub corner_radius: u32,
    /// Where the plate is in the picture.
    pub corner: Corner,
}

impl Geometry {
    /// The geometry of one attempt (from 0); `None` when this attempt can be no larger than the one before.
    ///
    /// The code takes its share of the short side unless four pixels per module take more.
    pub(crate) fn of(
        code: &Code,
        (width, height): (u32, u32),
        placement: Placement,
        attempt: u32,
    ) -> Result<Option<Self>, RenderError> {
        let short = width.min(height);
        let largest = largest_module(code.modules, short);
        if largest < MIN_MODULE_PX {
            return Err(RenderError::TooSmall { width, height, needed: smallest_side(code.modules) });
        }
        let wanted = |attempt: u32| {
            let share = shares(placement.size).get(attempt as usize)?;
            Some((short * share / 100 / code.modules).max(MIN_MODULE_PX + attempt).min(largest))
        };
        let Some(module_px) = wanted(attempt) else { return Ok(None) };
        if attempt > 0 && wanted(attempt - 1).is_some_and(|before| module_px <= before) {
            return Ok(None);
        }
        let side = plate_side(code.modules, module_px);
        let inset = inset(module_px, short);
        let (left, upper) = match placement.corner {
            Corner::LowerRight => (false, false),
            Corner::LowerLeft => (true, false),
            Corner::UpperRight => (false, true),
            Corner::UpperLeft => (true, true),
        };
        // An even origin keeps halves and subsampled colour on whole pixels.
        let at = |near: bool, length: u32| (if near { inset + 1 } else { length - inset - side }) & !1;
        Ok(Some(Self {
            version: code.version,
            ec_level: code.ec_level,
            modules: code.modules,
            module_px,
            plate: Rect { x: at(left, width), y: at(upper, height), width: side, height: side },
            corner_radius: 3 * module_px,
            corner: placement.corner,
        }))
    }
}

fn plate_side(modules: u32, module_px: u32) -> u32 {
    (with_quiet_zone(modules) + 2) * module_px
}

fn inset(module_px: u32, short: u32) -> u32 {
    module_px.max(short / 50)
}

fn fits(modules: u32, module_px: u32, short: u32) -> bool {
    (plate_side(modules, module_px) + inset(module_px, short)) * 100 <= short * MAX_SHARE
}

fn largest_module(modules: u32, short: u32) -> u32 {
    let upper = short / modules;
    (1..=upper).rev().find(|px| fits(modules, *px, short)).unwrap_or(0)
}

/// The shortest side that holds a code of so many modules at the fewest pixels per module.
pub(crate) fn smallest_side(modules: u32) -> u32 {
    let start = plate_side(modules, MIN_MODULE_PX) * 100 / MAX_SHARE;
    (start..).find(|short| fits(modules, MIN_MODULE_PX, *short)).unwrap_or(start)
}

/// The plate as pixels, in coordinates of the picture.
#[derive(Debug)]
pub(crate) struct Plate {
    pub(crate) rect: Rect,
    radius: u32,
    luma: Vec<u8>,
}

impl Plate {
    pub(crate) fn new(code: &Code, geometry: &Geometry) -> Self {
        let rect = geometry.plate;
        let (raster, side) = code.raster(geometry.module_px);
        let mut luma = vec![255; (rect.width * rect.height) as usize];
        let margin = geometry.module_px as usize;
        for (row, pixels) in raster.chunks_exact(side as usize).enumerate() {
            let start = (row + margin) * rect.width as usize + margin;
            luma[start..start + side as usize].copy_from_slice(pixels);
        }
        Self { rect, radius: geometry.corner_radius, luma }
    }

    /// One row of the plate, 0 or 255 each; `y` counts from the plate's top.
    pub(crate) fn row(&self, y: u32) -> &[u8] {
        let width = self.rect.width as usize;
        let start = y as usize * width;
        &self.luma[start..start + width]
    }

    /// How much of a pixel the plate covers, 0 to 255; coordinates count from the plate's corner.
    ///
    /// Less than 255 only within the four rounded corners, whose edge is smoothed over one pixel.
    pub(crate) fn coverage(&self, x: u32, y: u32) -> u8 {
        let into = |at: u32, length: u32| self.radius.saturating_sub(at.min(length - 1 - at));
        let (dx, dy) = (into(x, self.rect.width), into(y, self.rect.height));
        if dx == 0 || dy == 0 {
            return 255;
        }
        let (dx, dy) = (dx as f32 - 0.5, dy as f32 - 0.5);
        let inside = self.radius as f32 - (dx * dx + dy * dy).sqrt() + 0.5;
        (inside.clamp(0.0, 1.0) * 255.0 + 0.5) as u8
    }

    /// True where every pixel of the rectangle lies in the picture and is covered fully.
    pub(crate) fn covers(&self, x: u32, y: u32, width: u32, height: u32) -> bool {
        let Rect { x: left, y: top, .. } = self.rect;
        let (right, bottom) = (left + self.rect.width, top + self.rect.height);
        if x < left || y < top || x + width > right || y + height > bottom {
            return false;
        }
        let near = |at: u32, length: u32, low: u32, high: u32| {
            at < low + self.radius || at + length + self.radius > high
        };
        !(near(x, width, left, right) && near(y, height, top, bottom))
    }

    pub(crate) fn touches(&self, x: u32, y: u32, width: u32, height: u32) -> bool {
        x < self.rect.x + self.rect.width
            && y < self.rect.y + self.rect.height
            && x + width > self.rect.x
            && y + height > self.rect.y
    }

    /// The plate widened to whole 16-pixel blocks of the picture: what is read back.
    pub(crate) fn surroundings(&self, width: u32, height: u32) -> Rect {
        let x = self.rect.x & !15;
        let y = self.rect.y & !15;
        let right = (self.rect.x + self.rect.width).next_multiple_of(16).min(width);
        let bottom = (self.rect.y + self.rect.height).next_multiple_of(16).min(height);
        Rect { x, y, width: right - x, height: bottom - y }
    }
}
