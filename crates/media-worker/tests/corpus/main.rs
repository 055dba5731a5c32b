//! Every kind of file that comes in, and what is to become of it.
//!
//! Most are made here, the same on every run; `files/` has what no encoder at hand makes. Each is rendered twice, and
//! what comes out is looked at with decoders and a QR reader that are not the renderer's own.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod broken;
mod case;
mod check;
mod fuzz;
mod hashes;
#[path = "../render/headers.rs"]
mod headers;
mod jpegs;
#[path = "../render/metadata.rs"]
mod metadata;
#[path = "../render/pictures.rs"]
mod pictures;
mod pngs;
mod raw_png;
mod webps;
mod wishes;

use case::Case;

fn cases() -> Vec<Case> {
    [jpegs::cases(), pngs::cases(), webps::cases(), wishes::cases(), broken::cases()].concat()
}

#[test]
fn each_file_becomes_what_it_should() {
    let cases = cases();
    assert!(cases.len() >= 150, "{} files", cases.len());
    let names: std::collections::BTreeSet<&str> = cases.iter().map(|case| case.name.as_str()).collect();
    assert_eq!(names.len(), cases.len(), "each has a name of its own");
    let wrong: Vec<String> = std::thread::scope(|scope| {
        let halves = [0, 1].map(|half| {
            let cases = &cases;
            scope.spawn(move || {
                let mine = cases.iter().skip(half).step_by(2);
                mine.filter_map(|case| check::check(case).err().map(|why| format!("{}: {why}", case.name)))
                    .collect::<Vec<_>>()
            })
        });
        halves.into_iter().flat_map(|half| half.join().unwrap()).collect()
    });
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}
