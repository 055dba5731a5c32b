//! Reading the code again, as a viewer, a site that shrinks and a messenger that recompresses would show it.

use jpeg_encoder::{ColorType, Encoder};
use rqrr::{Grid, SimpleGrid};
use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;

mod locate;

/// The quality of the third reading, on libjpeg's scale.
const RECOMPRESSED_QUALITY: u8 = 60;

/// Which of the three readings gave exactly the link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ReadBack {
    /// The pixels that the published file decodes to.
    pub as_is: bool,
    /// The same, each 2×2 averaged into one.
    pub half: bool,
    /// The same, through a JPEG of quality 60.
    pub jpeg_q60: bool,
}

impl ReadBack {
    /// True when all three gave the link.
    #[must_use]
    pub fn passed(self) -> bool {
        self.as_is && self.half && self.jpeg_q60
    }
}

/// Brightness of the plate and its surroundings.
#[derive(Debug)]
pub(crate) struct Crop {
    pub(crate) luma: Vec<u8>,
    pub(crate) width: usize,
    pub(crate) height: usize,
}

pub(crate) fn read_back(crop: &Crop, link: &str) -> ReadBack {
    let mut reader = Reader { link: link.as_bytes(), decoded: Vec::new() };
    ReadBack {
        as_is: reader.reads(crop),
        half: reader.reads(&half(crop)),
        jpeg_q60: recompressed(crop).is_some_and(|crop| reader.reads(&crop)),
    }
}

struct Reader<'a> {
    link: &'a [u8],
    /// Modules that were decoded to the link: the same modules need not be decoded again.
    decoded: Vec<bool>,
}

impl Reader<'_> {
    fn reads(&mut self, crop: &Crop) -> bool {
        locate::grids(crop).any(|(size, modules)| {
            if modules == self.decoded {
                return true;
            }
            let grid = SimpleGrid::from_func(size, |x, y| modules[y * size + x]);
            let mut found = Vec::new();
            let read = Grid::new(grid).decode_to(&mut found).is_ok() && found == self.link;
            if read {
                self.decoded = modules;
            }
            read
        })
    }
}

fn half(crop: &Crop) -> Crop {
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

fn recompressed(crop: &Crop) -> Option<Crop> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::code::Code;

    fn crop(link: &str, module_px: u32) -> Crop {
        let (luma, side) = Code::of(link).unwrap().raster(module_px);
        Crop { luma, width: side as usize, height: side as usize }
    }

    #[test]
    fn only_the_link_itself_is_accepted() {
        let crop = crop("https://example.org/one", 6);
        assert!(read_back(&crop, "https://example.org/one").passed());
        assert_eq!(read_back(&crop, "https://example.org/two"), ReadBack::default());
    }

    #[test]
    fn a_code_that_is_half_gone_does_not_pass() {
        let mut crop = crop("https://example.org/one", 6);
        let half = crop.luma.len() / 2;
        crop.luma[half..].fill(255);
        assert_eq!(read_back(&crop, "https://example.org/one"), ReadBack::default());
    }

    #[test]
    fn one_pixel_per_module_is_lost_at_half_size() {
        let verdict = read_back(&crop("https://example.org/one", 1), "https://example.org/one");
        assert!(!verdict.half && !verdict.passed());
    }

    #[test]
    fn every_version_is_found() {
        let mut link = String::from("https://example.org/?q=");
        let mut last = 0;
        while let Ok(code) = Code::of(&link) {
            if code.version != last {
                last = code.version;
                assert!(read_back(&crop(&link, 4), &link).passed(), "version {last}");
            }
            link.push_str("aZ4-b");
        }
        assert_eq!(last, 40);
    }
}
