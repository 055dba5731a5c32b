use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A stretch of a text that means something (Bot API, `MessageEntity`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TextEntity {
    /// Telegram's name of it: `bold`, `text_link`. One that is not known here is plain text.
    #[serde(rename = "type")]
    pub kind: String,
    /// UTF-16 units from the beginning of the text.
    pub offset: u32,
    /// UTF-16 units.
    pub length: u32,
    /// Of a `text_link`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Of a `text_mention`: Telegram's id of somebody without a username.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<i64>,
    /// Of a `pre`: the programming language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
}

impl TextEntity {
    /// A stretch without further values.
    #[must_use]
    pub fn plain(kind: &str, offset: u32, length: u32) -> Self {
        Self { kind: kind.into(), offset, length, url: None, user_id: None, language: None }
    }

    #[must_use]
    pub fn sample() -> Self {
        Self {
            kind: "text_link".into(),
            offset: 0,
            length: 4,
            url: Some("https://example.org/".into()),
            user_id: Some(987_654_321),
            language: Some("rust".into()),
        }
    }
}
