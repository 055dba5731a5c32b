//! How a reply is cut into calls to Telegram: one rule, used where a reply is made and nowhere else. The
//! parts travel in the event, so that a changed rule changes no reply of the past.

mod cut;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{MessageType, ReplyFile, TextEntity};

/// The longest text of a message in UTF-16 units (Bot API, `sendMessage`).
pub const LONGEST_TEXT: u32 = 4_096;
/// The longest caption of a file in UTF-16 units (Bot API, `sendPhoto`).
pub const LONGEST_CAPTION: u32 = 1_024;
/// The most files of an album (Bot API, `sendMediaGroup`).
pub const LARGEST_ALBUM: usize = 10;

/// One call to Telegram: a text, or files with a caption.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReplyPart {
    /// The stretch of the reply's text that it carries, in UTF-16 units.
    pub offset: u32,
    pub length: u32,
    /// The files that it carries, by their place among the reply's files, from 0; several are an album.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<u32>,
}

/// Cuts a reply into its parts, files first. The text is the caption of the first file as far as a caption
/// may be; what is left of it follows as texts. Nothing is cut inside a word or an entity unless it alone is
/// longer than what is allowed, and never inside a character.
#[must_use]
pub fn plan(text: &str, entities: &[TextEntity], files: &[ReplyFile]) -> Vec<ReplyPart> {
    let mut parts: Vec<ReplyPart> =
        albums(files).into_iter().map(|files| ReplyPart { files, ..ReplyPart::default() }).collect();
    let caption = if parts.is_empty() { LONGEST_TEXT } else { LONGEST_CAPTION };
    let mut stretches = cut::stretches(text, entities, caption, LONGEST_TEXT).into_iter();
    if let Some(first) = parts.first_mut()
        && let Some((offset, length)) = stretches.next()
    {
        (first.offset, first.length) = (offset, length);
    }
    parts.extend(stretches.map(|(offset, length)| ReplyPart { offset, length, files: Vec::new() }));
    parts
}

/// Files that follow each other and may share a message: pictures and videos, documents, or music.
fn albums(files: &[ReplyFile]) -> Vec<Vec<u32>> {
    let mut albums: Vec<Vec<u32>> = Vec::new();
    let mut last = None;
    for (index, file) in (0..).zip(files) {
        let shelf = shelf(file.kind);
        match albums.last_mut() {
            Some(album) if shelf.is_some() && shelf == last && album.len() < LARGEST_ALBUM => {
                album.push(index);
            }
            _ => albums.push(vec![index]),
        }
        last = shelf;
    }
    albums
}

/// What an album may hold together (Bot API, `sendMediaGroup`); nothing else stands in one.
const fn shelf(kind: MessageType) -> Option<u8> {
    match kind {
        MessageType::Photo | MessageType::Video => Some(0),
        MessageType::Document => Some(1),
        MessageType::Audio => Some(2),
        _ => None,
    }
}

impl ReplyPart {
    /// What the part says.
    #[must_use]
    pub fn text(&self, whole: &str) -> String {
        let units: Vec<u16> =
            whole.encode_utf16().skip(self.offset as usize).take(self.length as usize).collect();
        String::from_utf16_lossy(&units)
    }

    /// The entities of the whole text that reach into the part, as the part counts.
    #[must_use]
    pub fn entities(&self, whole: &[TextEntity]) -> Vec<TextEntity> {
        let end = self.offset.saturating_add(self.length);
        whole
            .iter()
            .filter_map(|entity| {
                let from = entity.offset.max(self.offset);
                let until = entity.offset.saturating_add(entity.length).min(end);
                (from < until).then(|| TextEntity {
                    offset: from - self.offset,
                    length: until - from,
                    ..entity.clone()
                })
            })
            .collect()
    }
}
