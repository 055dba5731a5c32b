//! Writes every page with sample data into a directory, to look at without a server:
//!
//! ```sh
//! cargo run -p http-edge --example gallery -- target/gallery
//! python3 -m http.server --directory target/gallery
//! ```

#![expect(clippy::expect_used, reason = "sample data that is wrong should stop the gallery")]

use std::path::Path;
use std::{env, fs, io};

use http_edge::assets;
use http_edge::pages::Theme;
use http_edge::texts::Lang;

mod pages;
mod samples;
mod samples_admin;
mod samples_bots;
mod samples_desk;

const PICTURE: &str = include_str!("picture.svg");

fn main() -> io::Result<()> {
    let target = env::args().nth(1).unwrap_or_else(|| "target/gallery".to_owned());
    let target = Path::new(&target);
    for lang in Lang::ALL {
        for theme in [Theme::Light, Theme::Dark] {
            for (name, html) in pages::all(lang, theme) {
                let file = format!("{name}-{}-{}.html", lang.tag(), theme.name());
                write(&target.join(file), html.as_bytes())?;
            }
        }
    }
    for (path, asset) in assets::all() {
        write(&target.join(assets::url(&path).trim_start_matches('/')), &asset.bytes)?;
    }
    for path in ["sample/picture.svg", "files/sample"] {
        write(&target.join(path), PICTURE.as_bytes())?;
    }
    Ok(())
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(directory) = path.parent() {
        fs::create_dir_all(directory)?;
    }
    fs::write(path, bytes)
}
