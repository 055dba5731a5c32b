//! Stylesheet, scripts and icons, built into the binary and cached for good.
//!
//! All files share one version, the hash of them all: `/assets/<version>/js/desk.js`. A module
//! that imports `./live.js` thereby gets the one of its own version, without any rewriting.

use std::borrow::Cow;
use std::sync::LazyLock;

use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

#[derive(RustEmbed)]
#[folder = "assets"]
struct Files;

/// A file to serve.
#[derive(Debug, Clone)]
pub struct Asset {
    /// The file itself.
    pub bytes: Cow<'static, [u8]>,
    /// `Content-Type`.
    pub mime: &'static str,
    /// `ETag`, quotes included.
    pub etag: String,
    /// `Cache-Control`.
    pub cache_control: &'static str,
}

/// The address of the file at `path` below `assets/`: `/assets/<version>/<path>`.
pub fn url(path: &str) -> String {
    format!("/assets/{}/{path}", version())
}

/// The file behind `/assets/<version>/<path>`; `None` is a 404.
///
/// A page rendered before a deploy may ask for an older version: it gets today's file, which
/// must then not be cached under that name.
pub fn find(asked_version: &str, path: &str) -> Option<Asset> {
    // The list of licences lies beside the files, for readers of the source.
    let file = Files::get(path).filter(|_| !path.ends_with(".md"))?;
    // Debug builds read the files from disk, where they change under one version.
    let immutable = asked_version == version() && !cfg!(debug_assertions);
    Some(Asset {
        mime: mime(path),
        etag: format!("\"{}\"", hex::encode(&file.metadata.sha256_hash()[..16])),
        cache_control: if immutable { "public, max-age=31536000, immutable" } else { "no-cache" },
        bytes: file.data,
    })
}

/// Every file by its path, for a tool that writes them somewhere.
pub fn all() -> impl Iterator<Item = (String, Asset)> {
    Files::iter().filter_map(|path| find(version(), &path).map(|asset| (path.into_owned(), asset)))
}

fn version() -> &'static str {
    static VERSION: LazyLock<String> = LazyLock::new(|| {
        let mut paths: Vec<_> = Files::iter().collect();
        paths.sort();
        let mut hash = Sha256::new();
        for path in paths {
            hash.update(path.as_bytes());
            if let Some(file) = Files::get(&path) {
                hash.update(file.metadata.sha256_hash());
            }
        }
        hex::encode(&hash.finalize()[..6])
    });
    &VERSION
}

fn mime(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_finds_its_file() {
        let url = url("css/site.css");
        let (version, path) = url.strip_prefix("/assets/").and_then(|rest| rest.split_once('/')).unwrap();
        let asset = find(version, path).unwrap();
        assert_eq!(asset.mime, "text/css; charset=utf-8");
        assert!(!asset.bytes.is_empty());
        assert!(asset.etag.starts_with('"') && asset.etag.ends_with('"'));
    }

    #[test]
    fn unknown_files_and_the_licence_list_are_not_served() {
        assert!(find(version(), "../Cargo.toml").is_none());
        assert!(find(version(), "ASSETS.md").is_none());
        assert!(find(version(), "css/nothing.css").is_none());
    }

    #[test]
    fn an_older_version_is_answered_but_not_kept() {
        assert_eq!(find("0", "icons.svg").unwrap().cache_control, "no-cache");
    }
}
