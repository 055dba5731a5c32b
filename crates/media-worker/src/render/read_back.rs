//! Reading the code again, as a viewer, a site that shrinks and a messenger that recompresses would show it.

use rqrr::{Grid, SimpleGrid};

mod locate;
mod spoil;

/// Fewest pixels per module at half size at which the picture is also turned and blurred at half size: four times as
/// fast, and the harder reading.
const ENOUGH_PX: u32 = 4;

/// Which of the five readings gave exactly the link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ReadBack {
    /// The pixels that the published file decodes to.
    pub as_is: bool,
    /// The same, each 2×2 averaged into one.
    pub half: bool,
    /// The same, through a JPEG of quality 60.
    pub jpeg_q60: bool,
    /// Turned by 5 degrees.
    pub rotated: bool,
    /// Out of focus by about a module.
    pub blurred: bool,
}

impl ReadBack {
    /// True when all five gave the link.
    #[must_use]
    pub fn passed(self) -> bool {
        self.as_is && self.half && self.jpeg_q60 && self.rotated && self.blurred
    }
}

/// Brightness of the plate and its surroundings.
#[derive(Debug)]
pub(crate) struct Crop {
    pub(crate) luma: Vec<u8>,
    pub(crate) width: usize,
    pub(crate) height: usize,
}

/// Reads the code, of `module_px` pixels per module, in each way.
pub(crate) fn read_back(crop: &Crop, module_px: u32, link: &str) -> ReadBack {
    let mut reader = Reader { link: link.as_bytes(), decoded: Vec::new() };
    let half = spoil::half(crop);
    let (shown, shown_px) =
        if module_px / 2 >= ENOUGH_PX { (&half, module_px / 2) } else { (crop, module_px) };
    ReadBack {
        as_is: reader.reads(crop),
        half: reader.reads(&half),
        jpeg_q60: spoil::recompressed(crop).is_some_and(|crop| reader.reads(&crop)),
        rotated: reader.reads(&spoil::rotated(shown)),
        blurred: reader.reads(&spoil::blurred(shown, shown_px)),
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

#[cfg(test)]
mod tests {
    use super::*;
    use qr_code::Code;

    fn crop(link: &str, module_px: u32) -> Crop {
        let (luma, side) = Code::of(link).unwrap().raster(module_px);
        Crop { luma, width: side as usize, height: side as usize }
    }

    #[test]
    fn only_the_link_itself_is_accepted() {
        let crop = crop("https://example.org/one", 6);
        assert!(read_back(&crop, 6, "https://example.org/one").passed());
        assert_eq!(read_back(&crop, 6, "https://example.org/two"), ReadBack::default());
    }

    #[test]
    fn a_code_that_is_half_gone_does_not_pass() {
        let mut crop = crop("https://example.org/one", 6);
        let half = crop.luma.len() / 2;
        crop.luma[half..].fill(255);
        assert_eq!(read_back(&crop, 6, "https://example.org/one"), ReadBack::default());
    }

    #[test]
    fn one_pixel_per_module_is_lost_at_half_size() {
        let verdict = read_back(&crop("https://example.org/one", 1), 1, "https://example.org/one");
        assert!(!verdict.half && !verdict.passed());
    }

    #[test]
    fn every_version_is_found() {
        let mut link = String::from("https://example.org/?q=");
        let mut last = 0;
        while let Ok(code) = Code::of(&link) {
            if code.version != last {
                last = code.version;
                for module_px in [4, 5, 9] {
                    let verdict = read_back(&crop(&link, module_px), module_px, &link);
                    assert!(verdict.passed(), "version {last} at {module_px} pixels: {verdict:?}");
                }
            }
            link.push_str("aZ4-b");
        }
        assert_eq!(last, 40);
    }
}
