//! Files of a reply: taken in as they come, and named after their bytes.

use std::io::{Cursor, Error};

use axum::extract::multipart::Field;
use events::{
    bus::Objects,
    chats::{MessageType, ReplyFile},
    request_id,
};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use image::ImageReader;
use tokio_util::io::StreamReader;

use crate::{images::upload::refused, problem::Problem};

/// What Telegram takes from a bot (Bot API, "Sending files").
pub(super) const LARGEST: usize = 50 * 1024 * 1024;
/// A larger picture goes as a document, as does one that is too long and thin (Bot API, `sendPhoto`).
const LARGEST_PHOTO: u64 = 10 * 1024 * 1024;
const LONGEST_SIDES: u32 = 10_000;
const THINNEST: u32 = 20;
/// The beginning of a file, in which its kind and a picture's size are looked for.
const HEAD: usize = 64 * 1024;
/// Characters of a name.
const LONGEST_NAME: usize = 200;

/// Keeps a file in the bucket while it comes in. `None` for the empty one that a form sends when none is chosen.
pub(super) async fn keep(files: &Objects, mut field: Field<'_>) -> Result<Option<ReplyFile>, Problem> {
    let file_name = field.file_name().map(clean).filter(|name| !name.is_empty());
    let mut head = Vec::new();
    while head.len() < HEAD
        && let Some(chunk) = field.chunk().await.map_err(refused)?
    {
        head.extend_from_slice(&chunk);
    }
    if head.is_empty() {
        return Ok(None);
    }
    let (content_type, kind) = sniff(&head);
    let (width, height) = pixels(content_type, &head).unzip();
    let file_id = request_id();
    let mut problem = None;
    let stored = {
        let mut came = head.len();
        let rest = stream::unfold(&mut field, async |field| Some((field.chunk().await.transpose()?, field)));
        let rest = rest.map(|chunk| match chunk {
            Ok(chunk) => {
                came += chunk.len();
                if came > LARGEST {
                    problem = Some(Problem::too_large("a file may have 50 MB"));
                    return Err(Error::other("too large"));
                }
                Ok(chunk)
            }
            Err(error) => {
                problem = Some(refused(error));
                Err(Error::other("the request ended"))
            }
        });
        let whole = stream::iter([Ok(bytes::Bytes::from(head))]).chain(rest);
        let whole = StreamReader::new(Box::pin(whole.into_stream()));
        files.put_stream(&format!("reply/{file_id}"), content_type, whole).await
    };
    let file = match (stored, problem) {
        (Ok(file), None) => file,
        (_, Some(problem)) => return Err(problem),
        (Err(error), None) => return Err(error.into()),
    };
    let kind = match (kind, width.zip(height)) {
        (MessageType::Photo, Some((width, height))) if is_photo(file.size, width, height) => kind,
        (MessageType::Photo, _) => MessageType::Document,
        _ => kind,
    };
    Ok(Some(ReplyFile { file_id, file, kind, file_name, width, height }))
}

fn is_photo(size: u64, width: u32, height: u32) -> bool {
    let (short, long) = (width.min(height), width.max(height));
    size <= LARGEST_PHOTO
        && width.saturating_add(height) <= LONGEST_SIDES
        && long <= short.saturating_mul(THINNEST)
}

/// The type, and what Telegram is told that it is, by the first bytes and never by the name.
fn sniff(head: &[u8]) -> (&'static str, MessageType) {
    match head {
        [0xff, 0xd8, 0xff, ..] => ("image/jpeg", MessageType::Photo),
        [0x89, b'P', b'N', b'G', ..] => ("image/png", MessageType::Photo),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => {
            ("image/webp", MessageType::Photo)
        }
        [b'G', b'I', b'F', b'8', ..] => ("image/gif", MessageType::Animation),
        [b'I', b'D', b'3', ..] | [0xff, 0xfb | 0xf3 | 0xf2, ..] => ("audio/mpeg", MessageType::Audio),
        [_, _, _, _, b'f', b't', b'y', b'p', brand @ ..] => match brand {
            [b'M', b'4', b'A', ..] => ("audio/mp4", MessageType::Audio),
            [b'q', b't', ..] => ("video/quicktime", MessageType::Document),
            [b'h', b'e', b'i', ..] | [b'm', b'i', b'f', b'1', ..] => ("image/heic", MessageType::Document),
            _ => ("video/mp4", MessageType::Video),
        },
        [0x1a, 0x45, 0xdf, 0xa3, ..] => ("video/webm", MessageType::Document),
        [b'O', b'g', b'g', b'S', ..] => ("audio/ogg", MessageType::Document),
        [b'%', b'P', b'D', b'F', ..] => ("application/pdf", MessageType::Document),
        [b'P', b'K', 3, 4, ..] => ("application/zip", MessageType::Document),
        _ => ("application/octet-stream", MessageType::Document),
    }
}

fn pixels(content_type: &str, head: &[u8]) -> Option<(u32, u32)> {
    if !content_type.starts_with("image/") {
        return None;
    }
    ImageReader::new(Cursor::new(head)).with_guessed_format().ok()?.into_dimensions().ok()
}

/// A name without folders and without what could break a header or a line.
fn clean(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    last.chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_its_bytes_say() {
        assert_eq!(sniff(b"\xff\xd8\xff\xe0").1, MessageType::Photo);
        assert_eq!(sniff(b"\0\0\0\x18ftypisom"), ("video/mp4", MessageType::Video));
        assert_eq!(sniff(b"ID3\x04"), ("audio/mpeg", MessageType::Audio));
        assert_eq!(sniff(b"<html><script>"), ("application/octet-stream", MessageType::Document));
        assert_eq!(sniff(b""), ("application/octet-stream", MessageType::Document));
    }

    #[test]
    fn what_telegram_takes_for_no_photo_goes_as_a_document() {
        assert!(is_photo(1, 1280, 960));
        assert!(!is_photo(LARGEST_PHOTO + 1, 1280, 960));
        assert!(!is_photo(1, 9_000, 2_000));
        assert!(!is_photo(1, 2_100, 100));
    }

    #[test]
    fn a_name_is_only_a_name() {
        assert_eq!(clean("C:\\дом\\смета.pdf"), "смета.pdf");
        assert_eq!(clean("../../x\r\ny"), "xy");
    }
}
