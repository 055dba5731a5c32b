//! What a file is, found from its first bytes and its structure, before a pixel is decoded.

use events::images::limits;
use image::metadata::Orientation;

use super::RenderError;
use super::jpeg::Header;

mod png;
mod sniff;
pub(super) mod webp;

/// The formats that are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Jpeg,
    Png,
    WebP,
}

impl Format {
    /// The media type (RFC 9649 for WebP).
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::WebP => "image/webp",
        }
    }
}

/// What is accepted; everything is checked before decoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file.
    pub max_bytes: u64,
    /// Width times height.
    pub max_pixels: u64,
    /// Pixels of either side.
    pub max_side: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_bytes: limits::MOST_BYTES,
            max_pixels: limits::MOST_PIXELS,
            max_side: limits::LONGEST_SIDE,
        }
    }
}

/// A picture that passed the limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Inspected {
    pub format: Format,
    /// Pixels as they are shown, that is with the EXIF orientation applied.
    pub width: u32,
    /// See `width`.
    pub height: u32,
    /// Bits per sample of the file, 1 to 16.
    pub bit_depth: u8,
    /// How the stored pixels are turned to be shown.
    pub orientation: Orientation,
    /// Has several frames, of which the first is taken.
    pub animated: bool,
    /// Coloured for print: CMYK or YCCK.
    pub cmyk: bool,
}

impl Inspected {
    /// The most memory in bytes that [`render`](super::render) takes for this picture, the file itself and the code
    /// tables of a lossless WebP ([`memory_bound`](super::memory_bound) counts them) not counted:
    /// 24 MiB for tables, codes, profiles and small results, twice the file, and 16 bytes per pixel (20 at 16 bits or
    /// in CMYK), which is four samples decoded and three times that for turning, shrinking, or a result that does not compress.
    /// Measured at 48 megapixels: 9 (progressive JPEG turned), 9 (PNG), 13 (PNG that does not compress), 12 (16 bits).
    #[must_use]
    pub fn memory_bound(&self, file_bytes: u64) -> u64 {
        self.memory_bound_at(self.width, self.height, file_bytes)
    }

    /// The same for a result of another size.
    pub(crate) fn memory_bound_at(&self, width: u32, height: u32, file_bytes: u64) -> u64 {
        let per_pixel = if self.bit_depth > 8 || self.cmyk { 20 } else { 16 };
        let pixels = u64::from(width) * u64::from(height);
        (24 << 20) + 2 * file_bytes + per_pixel * pixels
    }
}

/// Format, size and orientation of a file within `limits`.
///
/// Reads headers and chunk lengths only: microseconds, no allocation that grows with the picture.
/// A pass says that decoding is worth trying, not that it will succeed.
///
/// # Errors
/// Any [`RenderError`] that can be told without decoding.
pub fn inspect(bytes: &[u8], limits: &Limits) -> Result<Inspected, RenderError> {
    if bytes.is_empty() {
        return Err(RenderError::Empty);
    }
    let size = bytes.len() as u64;
    if size > limits.max_bytes {
        return Err(RenderError::TooLarge { bytes: size, limit: limits.max_bytes });
    }
    let found = match sniff::format(bytes)? {
        Format::Jpeg => jpeg(bytes)?,
        Format::Png => png::inspect(bytes)?,
        Format::WebP => webp::inspect(bytes)?,
    };
    within(found, limits)
}

/// Bytes of what a decoder makes of a file's codes, where they are not bounded by the picture's size.
pub(super) fn code_tables(bytes: &[u8], format: Format) -> Result<u64, RenderError> {
    match format {
        Format::WebP => webp::code_tables(bytes),
        Format::Jpeg | Format::Png => Ok(0),
    }
}

fn jpeg(bytes: &[u8]) -> Result<Inspected, RenderError> {
    let header = Header::parse(bytes)?;
    Ok(Inspected {
        format: Format::Jpeg,
        width: header.width,
        height: header.height,
        bit_depth: header.precision,
        orientation: header.orientation,
        animated: false,
        cmyk: header.is_cmyk(),
    })
}

/// Checks the size and swaps it where the orientation turns the picture on its side.
fn within(found: Inspected, limits: &Limits) -> Result<Inspected, RenderError> {
    let Inspected { width, height, .. } = found;
    if width == 0 || height == 0 {
        return Err(RenderError::ZeroSize { width, height });
    }
    if u64::from(width) * u64::from(height) > limits.max_pixels {
        return Err(RenderError::TooManyPixels { width, height, limit: limits.max_pixels });
    }
    if width.max(height) > limits.max_side {
        return Err(RenderError::SideTooLong { width, height, limit: limits.max_side });
    }
    let (width, height) = if found.orientation.to_exif() >= 5 { (height, width) } else { (width, height) };
    Ok(Inspected { width, height, ..found })
}
