//! The QR code (ISO/IEC 18004) of a link: its modules, and itself as PNG and SVG.
//!
//! Pure: the same link gives the same bytes, in the picture of an order and beside it.

use std::fmt::Write as _;

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder, ImageError};
use qrcode::bits::{Bits, encode_auto};
use qrcode::types::QrError;
use qrcode::{Color, EcLevel, QrCode, Version};
use thiserror::Error;

/// Light modules that ISO/IEC 18004 asks for on every side.
pub const QUIET_ZONE: u32 = 4;
/// Bytes that version 40 holds at error correction Q in byte mode; digits and capitals take less room.
pub const MAX_LINK_BYTES: usize = 1_663;
/// Shortest side in pixels that the code alone is drawn at.
const ALONE_SIDE: u32 = 512;

/// Why a link has no code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Unfit {
    #[error("there is no link")]
    Empty,
    #[error("the link has {bytes} bytes; a QR code that survives damage holds at most {MAX_LINK_BYTES}")]
    TooLong { bytes: usize },
}

/// A square of dark and light modules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// 1 to 40.
    pub version: u8,
    /// `Q` or `H`.
    pub ec_level: char,
    /// Modules per side, without the quiet zone: 17 + 4 × version.
    pub modules: u32,
    dark: Vec<bool>,
}

impl Code {
    /// The smallest code of `link` at error correction Q, raised to H where the same size holds it.
    pub fn of(link: &str) -> Result<Self, Unfit> {
        if link.is_empty() {
            return Err(Unfit::Empty);
        }
        let code = smallest(link)
            .and_then(|version| {
                encode(link, version, EcLevel::H).or_else(|_| encode(link, version, EcLevel::Q))
            })
            .map_err(|_| Unfit::TooLong { bytes: link.len() })?;
        let (Version::Normal(version) | Version::Micro(version)) = code.version();
        Ok(Self {
            version: u8::try_from(version).unwrap_or_default(),
            ec_level: if code.error_correction_level() == EcLevel::H { 'H' } else { 'Q' },
            modules: u32::try_from(code.width()).unwrap_or_default(),
            dark: code.to_colors().iter().map(|color| *color == Color::Dark).collect(),
        })
    }

    /// Modules per side, without the quiet zone, that the code of `link` will have; a thousandth of the work of making it.
    pub fn modules_of(link: &str) -> Result<u32, Unfit> {
        if link.is_empty() {
            return Err(Unfit::Empty);
        }
        match smallest(link) {
            Ok(version) => Ok(u32::try_from(version.width()).unwrap_or_default()),
            Err(_) => Err(Unfit::TooLong { bytes: link.len() }),
        }
    }

    /// Modules per side with the quiet zone.
    pub fn modules_with_quiet_zone(&self) -> u32 {
        with_quiet_zone(self.modules)
    }

    pub fn is_dark(&self, column: u32, row: u32) -> bool {
        self.dark[(row * self.modules + column) as usize]
    }

    /// Black on white, one byte per pixel, quiet zone included; returns the side in pixels as well.
    pub fn raster(&self, module_px: u32) -> (Vec<u8>, u32) {
        let side = self.modules_with_quiet_zone() * module_px;
        let mut pixels = vec![255; (side * side) as usize];
        for row in 0..self.modules {
            let top = (row + QUIET_ZONE) * module_px;
            for column in (0..self.modules).filter(|column| self.is_dark(*column, row)) {
                let left = (column + QUIET_ZONE) * module_px;
                for y in top..top + module_px {
                    let start = (y * side + left) as usize;
                    pixels[start..start + module_px as usize].fill(0);
                }
            }
        }
        (pixels, side)
    }

    /// The code alone, at least 512 pixels a side.
    pub fn png(&self) -> Result<Vec<u8>, ImageError> {
        let module_px = ALONE_SIDE.div_ceil(self.modules_with_quiet_zone()).max(4);
        let (pixels, side) = self.raster(module_px);
        let mut out = Vec::new();
        PngEncoder::new_with_quality(&mut out, CompressionType::Fast, FilterType::Up).write_image(
            &pixels,
            side,
            side,
            ExtendedColorType::L8,
        )?;
        Ok(out)
    }

    /// The code alone as one path over a white square, one unit per module.
    pub fn svg(&self) -> String {
        let side = self.modules_with_quiet_zone();
        let mut path = String::new();
        for row in 0..self.modules {
            let mut column = 0;
            while column < self.modules {
                let run = (column..self.modules).take_while(|next| self.is_dark(*next, row)).count();
                if run > 0 {
                    let (x, y) = (column + QUIET_ZONE, row + QUIET_ZONE);
                    // Writing to a string cannot fail.
                    let _ = write!(path, "M{x} {y}h{run}v1h-{run}z");
                }
                column += u32::try_from(run).unwrap_or_default() + 1;
            }
        }
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" \
             shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/>\
             <path d=\"{path}\"/></svg>\n"
        )
    }
}

pub const fn with_quiet_zone(modules: u32) -> u32 {
    modules + 2 * QUIET_ZONE
}

/// The smallest version that holds the link at level Q.
fn smallest(link: &str) -> Result<Version, QrError> {
    if link.is_ascii() {
        return Ok(encode_auto(link.as_bytes(), EcLevel::Q)?.version());
    }
    let holds = |version: &Version| bytes_in(link, *version, EcLevel::Q).is_ok();
    (1..=40).map(Version::Normal).find(holds).ok_or(QrError::DataTooLong)
}

/// Segments are optimised for ASCII only: pairs of UTF-8 bytes can look like Shift JIS, and a reader would then
/// show Japanese.
fn encode(link: &str, version: Version, level: EcLevel) -> Result<QrCode, QrError> {
    if link.is_ascii() {
        return QrCode::with_version(link, version, level);
    }
    QrCode::with_bits(bytes_in(link, version, level)?, level)
}

fn bytes_in(link: &str, version: Version, level: EcLevel) -> Result<Bits, QrError> {
    let mut bits = Bits::new(version);
    bits.push_byte_data(link.as_bytes())?;
    bits.push_terminator(level)?;
    Ok(bits)
}
