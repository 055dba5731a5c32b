//! Pictures made in code: the same on every run.

use std::io::Cursor;

use image::codecs::png::PngEncoder;
use image::codecs::webp::WebPEncoder;
use image::{ExtendedColorType, ImageEncoder};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

/// Something like a photograph, RGB: soft shapes of several sizes, and grain.
pub(crate) fn photo(width: u32, height: u32, seed: u32) -> Vec<u8> {
    let mut rgb = Vec::with_capacity((width * height * 3) as usize);
    for y in 0..height {
        for x in 0..width {
            let octave = |size: u32, salt: u32| noise(x, y, size, seed.wrapping_add(salt));
            let light = octave(512, 1) * 110 + octave(64, 2) * 60 + octave(9, 3) * 24;
            let grain = hash(x, y, seed) % 9;
            let light = (light / 255 + 30 + grain) as i32;
            let tint = (octave(300, 4) as i32 - 128) / 6;
            for colour in [light + tint, light, light - tint] {
                rgb.push(colour.clamp(0, 255) as u8);
            }
        }
    }
    rgb
}

/// Value noise of 0 to 255, smooth over `size` pixels.
fn noise(x: u32, y: u32, size: u32, seed: u32) -> u32 {
    let (column, row) = (x / size, y / size);
    let (right, down) = (x % size * 256 / size, y % size * 256 / size);
    let at = |dx, dy| hash(column + dx, row + dy, seed) & 255;
    let top = at(0, 0) * (256 - right) + at(1, 0) * right;
    let bottom = at(0, 1) * (256 - right) + at(1, 1) * right;
    (top * (256 - down) + bottom * down) >> 16
}

fn hash(x: u32, y: u32, seed: u32) -> u32 {
    let mut h = x
        .wrapping_mul(0x9e37_79b1)
        .wrapping_add(y.wrapping_mul(0x85eb_ca77))
        .wrapping_add(seed.wrapping_mul(0xc2b2_ae3d));
    h ^= h >> 15;
    h = h.wrapping_mul(0x2c1b_3c6d);
    h ^ h >> 13
}

/// Variants of JPEG.
#[derive(Debug, Clone)]
pub(crate) struct Jpeg {
    pub(crate) quality: u8,
    pub(crate) sampling: SamplingFactor,
    pub(crate) progressive: bool,
    pub(crate) optimised: bool,
    pub(crate) restart_interval: u16,
    pub(crate) icc: Option<Vec<u8>>,
    pub(crate) color: ColorType,
    /// TIFF bytes of an EXIF segment.
    pub(crate) exif: Option<Vec<u8>>,
}

impl Default for Jpeg {
    fn default() -> Self {
        Self {
            quality: 88,
            sampling: SamplingFactor::F_2_2,
            progressive: false,
            optimised: false,
            restart_interval: 0,
            icc: None,
            color: ColorType::Rgb,
            exif: None,
        }
    }
}

impl Jpeg {
    pub(crate) fn encode(&self, pixels: &[u8], width: u32, height: u32) -> Vec<u8> {
        let mut out = Vec::new();
        let mut encoder = Encoder::new(&mut out, self.quality);
        encoder.set_sampling_factor(self.sampling);
        encoder.set_progressive(self.progressive);
        encoder.set_optimized_huffman_tables(self.optimised);
        if self.restart_interval > 0 {
            encoder.set_restart_interval(self.restart_interval);
        }
        if let Some(icc) = &self.icc {
            encoder.add_icc_profile(icc).unwrap();
        }
        if let Some(exif) = &self.exif {
            encoder.add_exif_metadata(exif).unwrap();
        }
        encoder.encode(pixels, width as u16, height as u16, self.color).unwrap();
        out
    }

    pub(crate) fn photo(&self, width: u32, height: u32) -> Vec<u8> {
        self.encode(&photo(width, height, 7), width, height)
    }
}

pub(crate) fn png(pixels: &[u8], width: u32, height: u32, color: ExtendedColorType) -> Vec<u8> {
    let mut out = Vec::new();
    PngEncoder::new(Cursor::new(&mut out)).write_image(pixels, width, height, color).unwrap();
    out
}

pub(crate) fn webp(pixels: &[u8], width: u32, height: u32, color: ExtendedColorType) -> Vec<u8> {
    let mut out = Vec::new();
    WebPEncoder::new_lossless(Cursor::new(&mut out)).encode(pixels, width, height, color).unwrap();
    out
}
