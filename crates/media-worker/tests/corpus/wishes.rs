use events::images::{CodeSize, Corner, Placement};
use image::ExtendedColorType;
use media_worker::render::Note;
use qr_code::MAX_LINK_BYTES;

use crate::case::{Case, Expected};
use crate::pictures::{Jpeg, photo, png};

pub(crate) fn cases() -> Vec<Case> {
    [places(), links(), small()].concat()
}

fn places() -> Vec<Case> {
    let jpeg = Jpeg::default().photo(512, 430);
    let png = png(&photo(512, 430, 2), 512, 430, ExtendedColorType::Rgb8);
    let mut cases = Vec::new();
    for corner in Corner::ALL {
        for size in CodeSize::ALL {
            let name = format!("{} {}", corner.name(), size.name());
            for (kind, file, expected) in
                [("jpeg", &jpeg, Expected::jpeg((512, 430), true)), ("png", &png, Expected::png((512, 430)))]
            {
                let case = Case::new(format!("{kind} {name}"), file.clone(), expected);
                cases.push(Case { placement: Placement { corner, size }, ..case });
            }
        }
    }
    cases
}

fn links() -> Vec<Case> {
    let file = Jpeg::default().photo(1100, 1040);
    let link = |bytes: usize| {
        let start = "https://example.org/?q=";
        start.chars().chain("aZ4-bY7_".chars().cycle()).take(bytes).collect::<String>()
    };
    let rendered = Expected::jpeg((1100, 1040), true);
    [
        ("of 200 bytes", link(200), rendered.clone()),
        ("of the most bytes", link(MAX_LINK_BYTES), rendered.clone()),
        ("of one byte more", link(MAX_LINK_BYTES + 1), Expected::Refused("link_too_long_for_qr")),
        ("of no bytes", String::new(), Expected::Refused("link_empty")),
        ("in Cyrillic", "https://пример.рф/задания?поиск=реклама".into(), rendered),
    ]
    .into_iter()
    .map(|(name, link, expected)| Case { link, ..Case::new(format!("link {name}"), file.clone(), expected) })
    .collect()
}

fn small() -> Vec<Case> {
    let white = |width: u32, height: u32| {
        png(&vec![255; (width * height * 3) as usize], width, height, ExtendedColorType::Rgb8)
    };
    let scaled = |width: u32, height: u32, scale: u32| {
        Expected::png((width * scale, height * scale)).with(Note::ScaledUp)
    };
    let small_jpeg = Jpeg::default().photo(120, 90);
    let refused = || Expected::Refused("too_small");
    vec![
        Case::new("small 130x150", white(130, 150), scaled(130, 150, 2)),
        Case::new("small 90x200", white(90, 200), scaled(90, 200, 3)),
        Case::new("small 64x64", white(64, 64), scaled(64, 64, 4)),
        Case::new("small jpeg", small_jpeg, Expected::jpeg((360, 270), false).with(Note::ScaledUp)),
        Case::new("small 1x1", white(1, 1), refused()),
        Case::new("small 40x40", white(40, 40), refused()),
        Case::new("small 1x30000", white(1, 30_000), refused()),
        Case::new("small, too long when scaled", white(100, 20_000), refused()),
    ]
}
