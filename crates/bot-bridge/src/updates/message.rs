use events::chats::{Attachment, MessageType};
use serde_json::Value;

/// What a message says and carries.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Content {
    pub(super) kind: MessageType,
    pub(super) text: String,
    pub(super) attachment: Option<Attachment>,
}

/// Members of `Message` that carry a file, with the kind they make the message. An animation also has a
/// `document`, for old clients, so it comes first.
const FILES: [(&str, MessageType); 7] = [
    ("animation", MessageType::Animation),
    ("video", MessageType::Video),
    ("video_note", MessageType::VideoNote),
    ("voice", MessageType::Voice),
    ("audio", MessageType::Audio),
    ("document", MessageType::Document),
    ("sticker", MessageType::Sticker),
];

impl Content {
    pub(super) fn unsupported() -> Self {
        Self { kind: MessageType::Unsupported, text: String::new(), attachment: None }
    }
}

/// Reads a `Message` of the Bot API as far as it can be read.
pub(super) fn content(message: &Value) -> Content {
    let caption = string(message, "caption");
    if let Some(text) = message.get("text").and_then(Value::as_str) {
        return Content { kind: MessageType::Text, text: text.to_owned(), attachment: None };
    }
    if let Some(sizes) = message.get("photo").and_then(Value::as_array) {
        let largest = sizes.iter().max_by_key(|size| area(size)).and_then(file);
        return Content { kind: MessageType::Photo, text: caption, attachment: largest };
    }
    for (member, kind) in FILES {
        if let Some(value) = message.get(member) {
            let text = if kind == MessageType::Sticker { string(value, "emoji") } else { caption };
            return Content { kind, text, attachment: file(value) };
        }
    }
    let (kind, text) = if let Some(location) = message.get("location") {
        (MessageType::Location, place(message, location))
    } else if let Some(contact) = message.get("contact") {
        (MessageType::Contact, words(contact, &["first_name", "last_name", "phone_number"]))
    } else if let Some(poll) = message.get("poll") {
        (MessageType::Poll, string(poll, "question"))
    } else {
        (MessageType::Unsupported, caption)
    };
    Content { kind, text, attachment: None }
}

fn file(value: &Value) -> Option<Attachment> {
    let small =
        |field: &str| value.get(field).and_then(Value::as_u64).and_then(|number| u32::try_from(number).ok());
    let text = |field: &str| value.get(field).and_then(Value::as_str).map(str::to_owned);
    Some(Attachment {
        telegram_file_id: text("file_id")?,
        file_name: text("file_name"),
        mime_type: text("mime_type"),
        size: value.get("file_size").and_then(Value::as_u64),
        // A round video is as wide as it is long.
        width: small("width").or_else(|| small("length")),
        height: small("height").or_else(|| small("length")),
        duration: small("duration"),
        still: false,
    })
}

fn area(size: &Value) -> u64 {
    let side = |field: &str| size.get(field).and_then(Value::as_u64).unwrap_or_default();
    side("width").saturating_mul(side("height"))
}

/// The name of the place if it has one, and where it is.
fn place(message: &Value, location: &Value) -> String {
    let named = message.get("venue").map(|venue| words(venue, &["title", "address"])).unwrap_or_default();
    let degrees = |field: &str| location.get(field).and_then(Value::as_f64);
    match (degrees("latitude"), degrees("longitude")) {
        (Some(latitude), Some(longitude)) => format!("{named} {latitude}, {longitude}").trim().to_owned(),
        _ => named,
    }
}

fn words(value: &Value, fields: &[&str]) -> String {
    let words: Vec<String> =
        fields.iter().map(|field| string(value, field)).filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

fn string(value: &Value, field: &str) -> String {
    value.get(field).and_then(Value::as_str).unwrap_or_default().to_owned()
}
