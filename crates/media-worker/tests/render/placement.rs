//! The customer's choice: which corner, and how large.

use events::images::{CodeSize, Corner, Placement};
use image::ExtendedColorType;
use media_worker::render::{Options, Rendered, render};

use crate::pictures::{Jpeg, photo, png};
use crate::reading::assert_reads;

const LINK: &str = "https://example.org/t/0192f7c4?ref=vestnik";

fn placed(file: &[u8], corner: Corner, size: CodeSize) -> Rendered {
    let rendered =
        render(file, LINK, &Options { placement: Placement { corner, size }, ..Options::default() }).unwrap();
    assert_reads(&rendered, LINK);
    rendered
}

#[test]
fn the_code_is_in_the_corner_that_was_chosen_and_of_the_size() {
    let files = [
        Jpeg::default().photo(1000, 900),
        Jpeg { progressive: true, ..Jpeg::default() }.photo(1000, 900),
        png(&photo(1000, 900, 3), 1000, 900, ExtendedColorType::Rgb8),
    ];
    for file in &files {
        for corner in Corner::ALL {
            for (size, share) in [(CodeSize::Normal, 25), (CodeSize::Large, 35), (CodeSize::Largest, 50)] {
                let geometry = placed(file, corner, size).geometry;
                assert_eq!(geometry.corner, corner);
                let side = geometry.modules * geometry.module_px;
                assert!(side * 100 <= 900 * share && side * 125 >= 900 * share, "{size:?}: {side}");
                let plate = geometry.plate;
                let (right, bottom) = (1000 - plate.x - plate.width, 900 - plate.y - plate.height);
                let (near_x, near_y) = match corner {
                    Corner::LowerRight => (right, bottom),
                    Corner::LowerLeft => (plate.x, bottom),
                    Corner::UpperRight => (right, plate.y),
                    Corner::UpperLeft => (plate.x, plate.y),
                };
                for near in [near_x, near_y] {
                    assert!((18..=28).contains(&near), "{corner:?}: {near} pixels from the edge");
                }
            }
        }
    }
}

#[test]
fn a_spliced_code_loses_nothing_in_any_corner() {
    let file = Jpeg::default().photo(800, 800);
    let before = image::load_from_memory(&file).unwrap().into_rgb8();
    for corner in Corner::ALL {
        let rendered = placed(&file, corner, CodeSize::Normal);
        assert!(rendered.lossless);
        let after = image::load_from_memory(&rendered.processed.bytes).unwrap().into_rgb8();
        let plate = rendered.geometry.plate;
        // The blocks that the plate is in, and what their colour is smoothed into.
        let near = |at: u32, low: u32, length: u32| at + 18 > low && at < low + length + 18;
        for (x, y, pixel) in after.enumerate_pixels() {
            if !near(x, plate.x, plate.width) || !near(y, plate.y, plate.height) {
                assert_eq!(pixel, before.get_pixel(x, y), "{corner:?}: {x},{y}");
            }
        }
    }
}
