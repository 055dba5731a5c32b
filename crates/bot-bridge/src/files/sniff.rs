/// The type of a file, found from its first bytes: what a person says their file is, is not believed.
/// Only types that a browser may show or play in place; everything else is bytes.
pub(super) fn content_type(bytes: &[u8]) -> &'static str {
    let at = |offset: usize, magic: &[u8]| bytes.get(offset..).is_some_and(|rest| rest.starts_with(magic));
    match bytes {
        [0xff, 0xd8, 0xff, ..] => "image/jpeg",
        _ if at(0, b"\x89PNG\r\n\x1a\n") => "image/png",
        _ if at(0, b"GIF87a") || at(0, b"GIF89a") => "image/gif",
        _ if at(0, b"RIFF") && at(8, b"WEBP") => "image/webp",
        _ if at(0, b"RIFF") && at(8, b"WAVE") => "audio/wav",
        _ if at(0, b"fLaC") => "audio/flac",
        _ if at(4, b"ftypM4A") => "audio/mp4",
        _ if at(4, b"ftypavif") => "image/avif",
        // Pictures of phones that browsers do not show: in the same boxes as video, and none.
        _ if [b"heic", b"heix", b"hevc", b"mif1", b"msf1"]
            .iter()
            .any(|brand| at(4, b"ftyp") && at(8, *brand)) =>
        {
            "application/octet-stream"
        }
        _ if at(4, b"ftyp") => "video/mp4",
        _ if at(0, b"\x1a\x45\xdf\xa3") => "video/webm",
        _ if at(0, b"OggS") => "audio/ogg",
        _ if at(0, b"ID3") => "audio/mpeg",
        // An MPEG audio frame: eleven bits of synchronisation, then a layer that is not reserved.
        [0xff, second, ..] if second & 0xe0 == 0xe0 && second & 0x06 != 0 => "audio/mpeg",
        _ if at(0, b"%PDF-") => "application/pdf",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_its_bytes_say() {
        assert_eq!(content_type(b"\xff\xd8\xff\xe0..JFIF"), "image/jpeg");
        assert_eq!(content_type(b"\x89PNG\r\n\x1a\n...."), "image/png");
        assert_eq!(content_type(b"RIFF....WEBPVP8 "), "image/webp");
        assert_eq!(content_type(b"\0\0\0\x18ftypisom"), "video/mp4");
        assert_eq!(content_type(b"\0\0\0\x18ftypM4A "), "audio/mp4");
        assert_eq!(content_type(b"\0\0\0\x18ftypheic"), "application/octet-stream");
        assert_eq!(content_type(b"\0\0\0\x18ftypavif"), "image/avif");
        assert_eq!(content_type(b"RIFF....WAVEfmt "), "audio/wav");
        assert_eq!(content_type(b"OggS\0"), "audio/ogg");
        assert_eq!(content_type(b"\xff\xfb\x90\x00"), "audio/mpeg");
        assert_eq!(content_type(b"%PDF-1.7"), "application/pdf");
        assert_eq!(content_type(b"<html><script>"), "application/octet-stream");
        assert_eq!(content_type(b""), "application/octet-stream");
    }
}
