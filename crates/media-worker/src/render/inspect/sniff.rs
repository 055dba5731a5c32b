//! The type of a file from its bytes; names and declared types are not believed.

use super::{Format, RenderError};

/// Files that people take for pictures, by what they begin with.
const KNOWN: &[(&[u8], &str)] = &[
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"GIF8", "a GIF"),
    (b"BM", "a BMP picture"),
    (b"II*\0", "a TIFF picture or a camera raw file"),
    (b"MM\0*", "a TIFF picture or a camera raw file"),
    (b"%PDF", "a PDF document"),
    (b"8BPS", "a Photoshop document"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"\x1f\x8b", "a gzip file"),
    (b"MZ", "a Windows program"),
    (b"\x7fELF", "a program"),
    (b"\xff\x0a", "a JPEG XL picture"),
    (b"<svg", "an SVG drawing"),
    (b"<?xml", "an XML document or an SVG drawing"),
    (b"<", "a web page or an XML document"),
];

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

pub(super) fn format(bytes: &[u8]) -> Result<Format, RenderError> {
    if bytes.starts_with(&[0xff, 0xd8, 0xff]) {
        return Ok(Format::Jpeg);
    }
    if bytes.starts_with(PNG) {
        return Ok(Format::Png);
    }
    if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP".as_slice()) {
        return Ok(Format::WebP);
    }
    // A file cut within its signature is still told for what it was.
    if [PNG, &[0xff, 0xd8, 0xff], b"RIFF"].iter().any(|signature| signature.starts_with(bytes))
        || (bytes.starts_with(b"RIFF") && bytes.len() < 12)
    {
        return Err(RenderError::Truncated);
    }
    Err(RenderError::UnsupportedType { found: describe(bytes) })
}

fn describe(bytes: &[u8]) -> &'static str {
    // ISO base media files name their brand after the first box header (ISO/IEC 14496-12).
    if bytes.get(4..8) == Some(b"ftyp".as_slice()) {
        return match bytes.get(8..12) {
            Some(b"avif" | b"avis") => "an AVIF picture",
            Some(b"heic" | b"heix" | b"mif1" | b"msf1" | b"hevc") => "a HEIC picture",
            _ => "a video",
        };
    }
    if let Some((_, name)) = KNOWN.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return name;
    }
    let head = &bytes[..bytes.len().min(512)];
    if std::str::from_utf8(head).is_ok_and(|text| !text.contains('\0')) {
        "a text file"
    } else {
        "of an unknown type"
    }
}
