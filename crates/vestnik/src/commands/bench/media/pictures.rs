use std::io::Cursor;

use image::{DynamicImage, ImageFormat, RgbImage};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

/// A picture as it is uploaded.
pub(super) struct Picture {
    pub(super) name: &'static str,
    pub(super) file: Vec<u8>,
    pub(super) is_jpeg: bool,
}

/// Of most JPEGs that come in.
pub(super) const QUALITY: u8 = 88;

/// The three pictures of the targets.
pub(super) fn targets() -> anyhow::Result<Vec<Picture>> {
    let jpeg = |name, width: u16, height: u16| -> anyhow::Result<Picture> {
        let mut file = Vec::new();
        let mut encoder = Encoder::new(&mut file, QUALITY);
        encoder.set_sampling_factor(SamplingFactor::F_2_2);
        encoder.encode(photo(width.into(), height.into()).as_raw(), width, height, ColorType::Rgb)?;
        Ok(Picture { name, file, is_jpeg: true })
    };
    let mut png = Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(photo(1080, 1080)).write_to(&mut png, ImageFormat::Png)?;
    Ok(vec![
        jpeg("12 MP JPEG", 4000, 3000)?,
        jpeg("2 MP JPEG", 1600, 1200)?,
        Picture { name: "1080² PNG", file: png.into_inner(), is_jpeg: false },
    ])
}

/// Something like a photograph: soft shapes of several sizes, and grain. The same in every run.
fn photo(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let light = noise(x, y, 512, 1) * 110 + noise(x, y, 64, 2) * 60 + noise(x, y, 9, 3) * 24;
        let light = (light / 255 + 30 + hash(x, y, 7) % 9) as i32;
        let tint = (noise(x, y, 300, 4) as i32 - 128) / 6;
        image::Rgb([light + tint, light, light - tint].map(|sample| sample.clamp(0, 255) as u8))
    })
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
