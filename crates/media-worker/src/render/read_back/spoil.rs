//! What happens to a picture on its way to a reader.
//!
//! All in whole numbers, so that the verdicts are the same on every machine.

use std::iter::repeat_n;

use jpeg_encoder::{ColorType, Encoder};
use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;

use super::Crop;

/// The quality of the recompressed reading, on libjpeg's scale.
const RECOMPRESSED_QUALITY: u8 = 60;
/// Sine and cosine of 5 degrees, in 65,536ths.
const SIN: i64 = 5_712;
const COS: i64 = 65_287;
/// Pixels that a blur reaches at the most, for [`Mean`]; a module of 512 pixels does not fit any picture.
const MOST_REACH: usize = 127;

/// Each 2×2 averaged into one.
pub(super) fn half(crop: &Crop) -> Crop {
    let (width, height) = (crop.width / 2, crop.height / 2);
    let mut luma = Vec::with_capacity(width * height);
    for rows in crop.luma.chunks_exact(2 * crop.width) {
        let (above, below) = rows.split_at(crop.width);
        for (a, b) in above.chunks_exact(2).zip(below.chunks_exact(2)) {
            let sum: u32 = [a[0], a[1], b[0], b[1]].map(u32::from).iter().sum();
            luma.push(((sum + 2) / 4) as u8);
        }
    }
    Crop { luma, width, height }
}

/// Through a JPEG of low quality, as messengers do.
pub(super) fn recompressed(crop: &Crop) -> Option<Crop> {
    let mut jpeg = Vec::new();
    Encoder::new(&mut jpeg, RECOMPRESSED_QUALITY)
        .encode(
            &crop.luma,
            u16::try_from(crop.width).ok()?,
            u16::try_from(crop.height).ok()?,
            ColorType::Luma,
        )
        .ok()?;
    let options = DecoderOptions::default().jpeg_set_out_colorspace(ColorSpace::Luma);
    let luma = JpegDecoder::new_with_options(ZCursor::new(&jpeg), options).decode().ok()?;
    Some(Crop { luma, width: crop.width, height: crop.height })
}

/// Turned clockwise by 5 degrees about its middle, as a hand holds a phone; white where nothing was.
pub(super) fn rotated(crop: &Crop) -> Crop {
    let turned = |along: usize, across: usize| {
        usize::try_from((along as i64 * COS + across as i64 * SIN) >> 16).unwrap_or_default() + 2
    };
    let (width, height) = (turned(crop.width, crop.height), turned(crop.height, crop.width));
    let mut luma = vec![255; width * height];
    let middle = |length: usize| (length as i64 - 1) << 15;
    let (right, bottom) = (crop.width as i64 - 1, crop.height as i64 - 1);
    for (y, row) in luma.chunks_exact_mut(width).enumerate() {
        let down = ((y as i64) << 16) - middle(height);
        // Where the row's first pixel comes from, in 65,536ths of a pixel.
        let mut from_x = ((COS * -middle(width) + SIN * down) >> 16) + middle(crop.width);
        let mut from_y = ((COS * down + SIN * middle(width)) >> 16) + middle(crop.height);
        for pixel in row {
            let (x, y) = (from_x >> 16, from_y >> 16);
            if (0..right).contains(&x) && (0..bottom).contains(&y) {
                *pixel = mixed(crop, (x as usize, y as usize), (from_x >> 8 & 255, from_y >> 8 & 255));
            }
            from_x += COS;
            from_y -= SIN;
        }
    }
    Crop { luma, width, height }
}

/// A pixel between four; the shares of its right and lower neighbours are in 256ths.
#[inline(always)]
fn mixed(crop: &Crop, (x, y): (usize, usize), (right, below): (i64, i64)) -> u8 {
    let at = y * crop.width + x;
    let (right, below) = (right as u32, below as u32);
    let along = |pair: &[u8]| u32::from(pair[0]) * (256 - right) + u32::from(pair[1]) * right;
    let (upper, lower) = (&crop.luma[at..at + 2], &crop.luma[at + crop.width..at + crop.width + 2]);
    ((along(upper) * (256 - below) + along(lower) * below + (1 << 15)) >> 16) as u8
}

/// Out of focus: an edge takes about one module, of `module_px` pixels, from black to white. That is two means over half
/// a module each; less than that is invisible, and a phone that sees more has not focused yet.
pub(super) fn blurred(crop: &Crop, module_px: u32) -> Crop {
    let reach = (module_px as usize / 4).clamp(1, MOST_REACH);
    let mut blurred = Crop { luma: crop.luma.clone(), width: crop.width, height: crop.height };
    let mut sums = Vec::new();
    for _ in 0..2 {
        blurred.luma.chunks_exact_mut(crop.width).for_each(|row| mean_along(row, reach, &mut sums));
        blurred = mean_of_rows(&blurred, reach);
    }
    blurred
}

/// Each value becomes the mean of those within `reach`; the ends go on as they are. `sums` is room to work in.
fn mean_along(row: &mut [u8], reach: usize, sums: &mut Vec<u32>) {
    let (first, last) = (row[0], row[row.len() - 1]);
    let prolonged = repeat_n(first, reach).chain(row.iter().copied()).chain(repeat_n(last, reach + 1));
    let mut sum = 0;
    sums.clear();
    // Of all values before each.
    sums.extend(prolonged.map(|value| {
        let before = sum;
        sum += u32::from(value);
        before
    }));
    let mean = Mean::of(2 * reach + 1);
    for ((value, before), beyond) in row.iter_mut().zip(sums.iter()).zip(&sums[2 * reach + 1..]) {
        *value = mean.of_sum(beyond - before);
    }
}

fn mean_of_rows(crop: &Crop, reach: usize) -> Crop {
    let row = |y: usize| {
        let y = y.saturating_sub(reach).min(crop.height - 1);
        &crop.luma[y * crop.width..(y + 1) * crop.width]
    };
    let mut sums = vec![0u32; crop.width];
    for y in 0..2 * reach + 1 {
        sums.iter_mut().zip(row(y)).for_each(|(sum, value)| *sum += u32::from(*value));
    }
    let mean = Mean::of(2 * reach + 1);
    let mut luma = vec![0; crop.luma.len()];
    for (y, means) in luma.chunks_exact_mut(crop.width).enumerate() {
        let (leaving, entering) = (row(y), row(y + 2 * reach + 1));
        for (((value, sum), leaving), entering) in means.iter_mut().zip(&mut sums).zip(leaving).zip(entering)
        {
            *value = mean.of_sum(*sum);
            *sum = *sum + u32::from(*entering) - u32::from(*leaving);
        }
    }
    Crop { luma, width: crop.width, height: crop.height }
}

/// Divides sums of bytes by their number, rounded: by multiplying, which vector units can.
#[derive(Clone, Copy)]
struct Mean {
    half: u32,
    /// The inverse of the number, in 2^24ths, rounded up; exact for sums of up to 255 bytes.
    inverse: u32,
}

impl Mean {
    fn of(count: usize) -> Self {
        let count = count as u32;
        Self { half: count / 2, inverse: (1 << 24) / count + 1 }
    }

    #[inline(always)]
    fn of_sum(self, sum: u32) -> u8 {
        (((sum + self.half) * self.inverse) >> 24) as u8
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// White, with one black pixel.
    fn dot(side: usize, x: usize, y: usize) -> Crop {
        let mut luma = vec![255; side * side];
        luma[y * side + x] = 0;
        Crop { luma, width: side, height: side }
    }

    fn darkest(crop: &Crop) -> (usize, usize) {
        let at = (0..crop.luma.len()).min_by_key(|at| crop.luma[*at]).unwrap();
        (at % crop.width, at / crop.width)
    }

    #[test]
    fn a_turn_moves_what_is_off_the_middle() {
        let turned = rotated(&dot(401, 390, 200));
        let (x, y) = darkest(&turned);
        let (middle_x, middle_y) = (turned.width as f64 - 1.0, turned.height as f64 - 1.0);
        let angle = (2.0 * y as f64 - middle_y).atan2(2.0 * x as f64 - middle_x).to_degrees();
        assert!((4.8..5.2).contains(&angle), "{angle}");
    }

    #[test]
    fn a_blur_keeps_the_light_and_spreads_it_over_a_module() {
        let crop = dot(41, 20, 20);
        let soft = blurred(&crop, 8);
        let dark = |crop: &Crop| crop.luma.iter().map(|luma| 255 - u32::from(*luma)).sum::<u32>();
        assert!(dark(&crop).abs_diff(dark(&soft)) < 60, "{}", dark(&soft));
        assert!(soft.luma[20 * 41 + 20] > 200 && soft.luma[20 * 41 + 24] < 255);
        assert_eq!(soft.luma[20 * 41 + 25], 255, "not beyond a module");
    }

    #[test]
    fn a_mean_is_exact() {
        for count in (3..=2 * MOST_REACH + 1).step_by(2) {
            let mean = Mean::of(count);
            for sum in 0..=255 * count {
                assert_eq!(
                    usize::from(mean.of_sum(sum as u32)),
                    (sum + count / 2) / count,
                    "{sum} / {count}"
                );
            }
        }
    }
}
