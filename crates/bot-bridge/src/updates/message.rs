mod details;
mod entities;
mod file;

use events::chats::{Attachment, Details, MessageType, TextEntity};
use serde_json::Value;

/// What a message says and carries.
#[derive(Debug, PartialEq)]
pub(super) struct Content {
    pub(super) kind: MessageType,
    pub(super) text: String,
    pub(super) entities: Vec<TextEntity>,
    pub(super) attachment: Option<Attachment>,
    pub(super) details: Details,
}

/// Members of `Message` that carry a file, with the kind they make the message. An animation also has a
/// `document`, for old clients, so it comes first.
const FILES: [(&str, MessageType); 6] = [
    ("animation", MessageType::Animation),
    ("video", MessageType::Video),
    ("video_note", MessageType::VideoNote),
    ("voice", MessageType::Voice),
    ("audio", MessageType::Audio),
    ("document", MessageType::Document),
];

impl Content {
    pub(super) fn unsupported() -> Self {
        Self::said(MessageType::Unsupported, String::new())
    }

    fn said(kind: MessageType, text: String) -> Self {
        Self { kind, text, entities: Vec::new(), attachment: None, details: Details::default() }
    }
}

/// Reads a `Message` of the Bot API as far as it can be read.
pub(super) fn content(message: &Value) -> Content {
    Content { details: details::details(message), ..body(message) }
}

fn body(message: &Value) -> Content {
    if let Some(text) = message.get("text").and_then(Value::as_str) {
        let entities = entities::entities(text, message.get("entities"));
        return Content { entities, ..Content::said(MessageType::Text, text.to_owned()) };
    }
    let caption = string(message, "caption");
    let entities = entities::entities(&caption, message.get("caption_entities"));
    let captioned = |kind, attachment| Content { entities, attachment, ..Content::said(kind, caption) };
    if let Some(sizes) = message.get("photo").and_then(Value::as_array) {
        return captioned(MessageType::Photo, file::largest(sizes));
    }
    if let Some(sticker) = message.get("sticker") {
        let attachment = file::sticker(sticker);
        return Content { attachment, ..Content::said(MessageType::Sticker, string(sticker, "emoji")) };
    }
    for (member, kind) in FILES {
        if let Some(value) = message.get(member) {
            return captioned(kind, file::file(value));
        }
    }
    // In words, for lists and searches; what they are made of is in the details.
    if let Some(location) = message.get("location") {
        Content::said(MessageType::Location, place(message, location))
    } else if let Some(contact) = message.get("contact") {
        Content::said(MessageType::Contact, words(contact, &["first_name", "last_name", "phone_number"]))
    } else if let Some(poll) = message.get("poll") {
        Content::said(MessageType::Poll, string(poll, "question"))
    } else if let Some(dice) = details::dice(message) {
        Content::said(MessageType::Dice, format!("{} {}", dice.emoji, dice.value))
    } else {
        captioned(MessageType::Unsupported, None)
    }
}

/// The name of the place if it has one, and where it is.
fn place(message: &Value, location: &Value) -> String {
    let named = message.get("venue").map(|venue| words(venue, &["title", "address"])).unwrap_or_default();
    match details::degrees(location) {
        Some((latitude, longitude)) => format!("{named} {latitude}, {longitude}").trim().to_owned(),
        None => named,
    }
}

fn words(value: &Value, fields: &[&str]) -> String {
    let words: Vec<String> =
        fields.iter().map(|field| string(value, field)).filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

fn string(value: &Value, field: &str) -> String {
    text(value, field).unwrap_or_default()
}

fn text(value: &Value, field: &str) -> Option<String> {
    value.get(field).and_then(Value::as_str).map(str::to_owned)
}

fn small(value: &Value, field: &str) -> Option<u32> {
    value.get(field).and_then(Value::as_u64).and_then(|number| u32::try_from(number).ok())
}
