//! What a render will do, from the headers alone: nothing is decoded yet.

use super::plate;
use super::{Inspected, Note, Options, RenderError, inspect};
use qr_code::Code;

/// Most pixels that one pixel of a small picture becomes, across and down. More would show the pixels rather than the
/// picture.
pub const MAX_SCALE: u32 = 4;

/// A picture and a link that go together.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) found: Inspected,
    /// Pixels across and down that each pixel becomes; 1 unless the picture is too small for the code.
    pub(crate) scale: u32,
    /// Pixels of the result.
    pub(crate) size: (u32, u32),
}

impl Plan {
    pub(crate) fn of(bytes: &[u8], link: &str, options: &Options) -> Result<Self, RenderError> {
        let found = inspect(bytes, &options.limits)?;
        let scale = scale(&found, Code::modules_of(link)?, options)?;
        Ok(Self { found, scale, size: (found.width * scale, found.height * scale) })
    }

    /// What the customer should know of the result.
    pub(crate) fn notes(&self) -> Vec<Note> {
        [
            (self.found.animated, Note::FirstFrame),
            (self.scale > 1, Note::ScaledUp),
            (self.found.cmyk, Note::ConvertedFromCmyk),
            (self.found.bit_depth > 8, Note::ReducedTo8Bits),
        ]
        .into_iter()
        .filter_map(|(applies, note)| applies.then_some(note))
        .collect()
    }

    /// The most memory in bytes that the render takes, the file itself not counted: see [`Inspected::memory_bound`].
    pub(crate) fn memory_bound(&self, file_bytes: u64) -> u64 {
        let (width, height) = self.size;
        self.found.memory_bound_at(width, height, file_bytes)
    }
}

/// The smallest whole factor at which the code fits.
fn scale(found: &Inspected, modules: u32, options: &Options) -> Result<u32, RenderError> {
    let (width, height) = (found.width, found.height);
    let needed = plate::smallest_side(modules);
    let scale = needed.div_ceil(width.min(height)).max(1);
    if scale == 1 {
        return Ok(1);
    }
    let limits = &options.limits;
    let within = |scale: u32| {
        let (width, height) = (u64::from(width) * u64::from(scale), u64::from(height) * u64::from(scale));
        width * height <= limits.max_pixels && width.max(height) <= u64::from(limits.max_side)
    };
    if scale <= MAX_SCALE && within(scale) {
        return Ok(scale);
    }
    // A long one grows beyond the limits before it is high enough.
    let needed = if within(scale.min(MAX_SCALE)) { needed.div_ceil(MAX_SCALE) } else { needed };
    Err(RenderError::TooSmall { width, height, needed })
}
