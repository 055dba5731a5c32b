//! The same bytes every time, and hashes that are theirs.

use image::ExtendedColorType;
use media_worker::render::{Options, RENDERER_VERSION, render};
use sha2::{Digest, Sha256};

use crate::pictures::{Jpeg, photo, png};

#[test]
fn the_same_input_gives_the_same_bytes() {
    let link = "https://example.org/again";
    let progressive = Jpeg { progressive: true, ..Jpeg::default() };
    let files = [
        Jpeg::default().photo(450, 380),
        progressive.photo(450, 380),
        png(&photo(450, 380, 1), 450, 380, ExtendedColorType::Rgb8),
    ];
    for file in files {
        let first = render(&file, link, &Options::default()).unwrap();
        let elsewhere = std::thread::spawn({
            let file = file.clone();
            move || render(&file, link, &Options::default()).unwrap()
        });
        let second = elsewhere.join().unwrap();
        assert_eq!(first.processed, second.processed);
        assert_eq!(first.thumbnail, second.thumbnail);
        assert_eq!(first.qr_png, second.qr_png);
        assert_eq!(first.qr_svg, second.qr_svg);
        assert_eq!(first.geometry, second.geometry);
        assert_eq!(first.renderer_version, RENDERER_VERSION);
        for output in [&first.processed, &first.thumbnail, &first.qr_png, &first.qr_svg] {
            assert_eq!(output.sha256, hex::encode(Sha256::digest(&output.bytes)));
        }
    }
}

#[test]
fn a_render_can_be_rendered_again() {
    // The second code lies over the first.
    let first =
        render(&Jpeg::default().photo(500, 500), "https://example.org/first", &Options::default()).unwrap();
    let second = render(&first.processed.bytes, "https://example.org/other", &Options::default()).unwrap();
    crate::reading::assert_reads(&second, "https://example.org/other");
}

#[test]
fn the_svg_has_the_modules_of_the_png() {
    let file = Jpeg::default().photo(500, 500);
    let rendered = render(&file, "https://example.org/svg", &Options::default()).unwrap();
    let svg = String::from_utf8(rendered.qr_svg.bytes).unwrap();
    let code = image::load_from_memory(&rendered.qr_png.bytes).unwrap().into_luma8();
    let side = rendered.geometry.modules + 8;
    assert!(svg.contains(&format!("viewBox=\"0 0 {side} {side}\"")));
    let px = code.width() / side;
    let dark = (0..side * side).filter(|at| code.get_pixel(at % side * px, at / side * px).0[0] == 0).count();
    // Every run is written as h<length>v1h-<length>z.
    let drawn: usize =
        svg.split("v1h-").skip(1).map(|rest| rest.split('z').next().unwrap().parse::<usize>().unwrap()).sum();
    assert_eq!(drawn, dark);
}
