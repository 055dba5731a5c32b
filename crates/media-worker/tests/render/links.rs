//! Links of every length.

use image::ExtendedColorType;
use media_worker::render::{MAX_SCALE, Note, Options, RenderError, render};
use qr_code::MAX_LINK_BYTES;

use crate::pictures::{Jpeg, png};
use crate::reading::assert_reads;

fn link(bytes: usize) -> String {
    let start = "https://example.org/?q=";
    (start.bytes().map(char::from)).chain("aZ4-bY7_".chars().cycle()).take(bytes).collect()
}

#[test]
fn long_links_grow_the_code_and_read() {
    let file = Jpeg::default().photo(1100, 1040);
    for bytes in [24, 60, 200, 512, 1_000, MAX_LINK_BYTES] {
        let link = link(bytes);
        let rendered = render(&file, &link, &Options::default()).unwrap();
        assert_reads(&rendered, &link);
    }
}

#[test]
fn a_link_too_long_for_level_q_is_refused_not_weakened() {
    let file = Jpeg::default().photo(1100, 1040);
    for bytes in [MAX_LINK_BYTES + 1, 2_048] {
        let error = render(&file, &link(bytes), &Options::default()).unwrap_err();
        assert_eq!(error, RenderError::LinkTooLong { bytes, limit: MAX_LINK_BYTES });
    }
    let error = render(&file, "", &Options::default()).unwrap_err();
    assert_eq!(error.code(), "link_empty");
}

#[test]
fn links_that_are_not_ascii_read() {
    let file = Jpeg::default().photo(800, 800);
    let link = "https://пример.рф/задания?поиск=реклама&点=字";
    let rendered = render(&file, link, &Options::default()).unwrap();
    assert_reads(&rendered, link);
}

#[test]
fn a_small_picture_is_refused_with_the_smallest_size_that_works() {
    let link = link(120);
    let white = |side: u32| {
        let pixels = vec![255; (side * side * 3) as usize];
        png(&pixels, side, side, ExtendedColorType::Rgb8)
    };
    let error = render(&white(60), &link, &Options::default()).unwrap_err();
    let RenderError::TooSmall { needed, .. } = error else {
        panic!("{error}");
    };
    let smaller = render(&white(needed - 1), &link, &Options::default()).unwrap_err();
    assert_eq!(smaller.code(), "too_small");
    let rendered = render(&white(needed), &link, &Options::default()).unwrap();
    assert_reads(&rendered, &link);
    assert_eq!((rendered.width, rendered.notes.as_slice()), (needed * MAX_SCALE, &[Note::ScaledUp][..]));
}
