//! The same bytes on every machine: what came out elsewhere is committed.

use media_worker::render::{Options, RENDERER_VERSION, render};

use crate::case::Expected;

const SEALED: &str = include_str!("hashes.txt");

/// Of the renderer's kinds of work: a line each, the name last.
const NAMES: [&str; 12] = [
    "jpeg baseline 4:2:0",
    "jpeg baseline grey",
    "jpeg progressive 4:2:0",
    "jpeg a scan for each colour 4:2:0",
    "jpeg baseline CMYK 4:4:4",
    "jpeg baseline YCCK 4:2:0",
    "jpeg turned 6 whole",
    "jpeg turned 6 broken",
    "png RGB and alpha 16",
    "png palette 4 interlaced",
    "webp lossy",
    "small 90x200",
];

#[test]
fn the_results_are_those_of_other_machines() {
    let mut lines = format!("{RENDERER_VERSION}: SHA-256 of picture, thumbnail, code\n");
    let cases = crate::cases();
    for name in NAMES {
        let case = cases.iter().find(|case| case.name == name).unwrap();
        assert!(matches!(case.expected, Expected::Rendered { .. }));
        let options = Options { placement: case.placement, ..Options::default() };
        let rendered = render(&case.file, &case.link, &options).unwrap();
        let [picture, thumbnail, code] =
            [&rendered.processed, &rendered.thumbnail, &rendered.qr_png].map(|artifact| &artifact.sha256);
        lines.push_str(&format!("{picture} {thumbnail} {code} {name}\n"));
    }
    if std::env::var_os("VESTNIK_SEAL").is_some() && SEALED.is_empty() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/corpus/hashes.txt");
        return std::fs::write(path, lines).unwrap();
    }
    // Other bytes on purpose: raise RENDERER_VERSION, empty the file, and run with VESTNIK_SEAL=1.
    assert_eq!(lines, SEALED, "the same files have become other bytes");
}
