//! JPEGs for print: four inks to sRGB.
//!
//! The profile in the file says what its inks look like; moxcms converts by it, without its vector units, which would
//! round differently from machine to machine. Without a profile nobody knows, and each ink takes its colour away
//! plainly: red is (1 − cyan) · (1 − black), as in PostScript's DeviceCMYK.

use moxcms::{ColorProfile, DataColorSpace, TransformOptions};

use super::super::RenderError;
use super::super::jpeg::Header;
use super::decode::rare_samples;
use super::{Layout, Pixels};

/// Pixels that are converted at a time.
const STRIP: usize = 4096;

pub(super) fn decode(bytes: &[u8], header: &Header) -> Result<Pixels, RenderError> {
    let mut inks = rare_samples(bytes, header)?;
    if inks.len() != header.width as usize * header.height as usize * 4 {
        return Err(RenderError::corrupt("its colours are not as declared"));
    }
    let (pixels, _) = inks.as_chunks_mut::<4>();
    if header.is_ycck() {
        pixels.iter_mut().for_each(|pixel| *pixel = of_ycck(*pixel));
    } else if header.is_adobe() {
        pixels.iter_mut().for_each(|pixel| *pixel = pixel.map(|ink| 255 - ink));
    }
    let data = match header.icc.as_deref().and_then(|profile| by_profile(&inks, profile)) {
        Some(data) => data,
        None => inks.as_chunks::<4>().0.iter().flat_map(plainly).collect(),
    };
    Ok(Pixels { data, width: header.width, height: header.height, layout: Layout::Rgb, icc: None })
}

/// Full-range BT.601, in 65,536ths. Adobe stores the inverted inks as if they were the inverse of red, green and blue, so
/// what comes out are the inks themselves.
fn of_ycck([y, blue, red, black]: [u8; 4]) -> [u8; 4] {
    let y = (i32::from(y) << 16) + (1 << 15);
    let (blue, red) = (i32::from(blue) - 128, i32::from(red) - 128);
    let ink = |sum: i32| (sum >> 16).clamp(0, 255) as u8;
    [ink(y + 91_881 * red), ink(y - 22_554 * blue - 46_802 * red), ink(y + 116_130 * blue), 255 - black]
}

fn plainly(inks: &[u8; 4]) -> [u8; 3] {
    let black = 255 - u32::from(inks[3]);
    let colour = |ink: u8| (((255 - u32::from(ink)) * black + 127) / 255) as u8;
    [colour(inks[0]), colour(inks[1]), colour(inks[2])]
}

/// `None` when the profile is damaged or not one of inks.
fn by_profile(inks: &[u8], profile: &[u8]) -> Option<Vec<u8>> {
    let profile = ColorProfile::new_from_slice(profile).ok()?;
    if profile.color_space != DataColorSpace::Cmyk {
        return None;
    }
    let transform = profile
        .create_transform_8bit(
            // Four channels to moxcms, whatever they are.
            moxcms::Layout::Rgba,
            &ColorProfile::new_srgb(),
            moxcms::Layout::Rgb,
            TransformOptions::default(),
        )
        .ok()?;
    let mut rgb = vec![0; inks.len() / 4 * 3];
    for (inks, rgb) in inks.chunks(4 * STRIP).zip(rgb.chunks_mut(3 * STRIP)) {
        transform.transform(inks, rgb).ok()?;
    }
    Some(rgb)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inks_take_their_colours_away() {
        assert_eq!(plainly(&[0, 0, 0, 0]), [255, 255, 255]);
        assert_eq!(plainly(&[255, 0, 0, 0]), [0, 255, 255]);
        assert_eq!(plainly(&[0, 0, 0, 255]), [0, 0, 0]);
        assert_eq!(plainly(&[0, 0, 0, 128]), [127, 127, 127]);
    }

    #[test]
    fn ycck_of_no_ink_is_no_ink() {
        assert_eq!(of_ycck([0, 128, 128, 255]), [0, 0, 0, 0]);
        assert_eq!(of_ycck([255, 128, 128, 0]), [255, 255, 255, 255]);
    }
}
