use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Seen from the desk: `In` from the Telegram user, `Out` to them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    In,
    Out,
}

impl Direction {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::In => "in",
            Self::Out => "out",
        }
    }
}

/// What a message is, after the kinds of `Message` in the Bot API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MessageType {
    Text,
    Photo,
    Video,
    Voice,
    Audio,
    VideoNote,
    Document,
    Sticker,
    Animation,
    Location,
    Contact,
    Poll,
    Dice,
    Unsupported,
}

impl MessageType {
    pub const ALL: [Self; 14] = [
        Self::Text,
        Self::Photo,
        Self::Video,
        Self::Voice,
        Self::Audio,
        Self::VideoNote,
        Self::Document,
        Self::Sticker,
        Self::Animation,
        Self::Location,
        Self::Contact,
        Self::Poll,
        Self::Dice,
        Self::Unsupported,
    ];

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Photo => "photo",
            Self::Video => "video",
            Self::Voice => "voice",
            Self::Audio => "audio",
            Self::VideoNote => "video_note",
            Self::Document => "document",
            Self::Sticker => "sticker",
            Self::Animation => "animation",
            Self::Location => "location",
            Self::Contact => "contact",
            Self::Poll => "poll",
            Self::Dice => "dice",
            Self::Unsupported => "unsupported",
        }
    }

    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// Who wrote, as Telegram names them. A missing name leaves the one that is known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Sender {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language_code: Option<String>,
}

/// A file of a message, still at Telegram.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Attachment {
    /// Telegram's `file_id`, good for this bot only.
    pub telegram_file_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mime_type: Option<String>,
    /// Bytes, if Telegram says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
    /// Seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration: Option<u32>,
    /// The file is a still picture of what moves in Telegram.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub still: bool,
}

impl Sender {
    #[must_use]
    pub fn sample() -> Self {
        Self {
            first_name: Some("Иван".into()),
            last_name: Some("Петров".into()),
            username: Some("ivan_p".into()),
            language_code: Some("ru".into()),
        }
    }
}

impl Attachment {
    #[must_use]
    pub fn sample() -> Self {
        Self {
            telegram_file_id: "AgACAgIAAxkBAAIB".into(),
            file_name: Some("photo.jpg".into()),
            mime_type: Some("image/jpeg".into()),
            size: Some(48_213),
            width: Some(1280),
            height: Some(960),
            duration: Some(3),
            still: true,
        }
    }
}
