use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A message in the chat of one person with the bot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Message {
    pub message_id: i32,
    /// True: the bot wrote it; false: the person did.
    pub from_bot: bool,
    /// When Telegram had it, in milliseconds since 1970.
    pub at_ms: i64,
    /// When it was last edited, in seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edit_date: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The message it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<i32>,
    #[serde(default, skip_serializing_if = "is_false")]
    pub deleted: bool,
    /// What the person has put to it: emoji, or `★` for a sign that is none. The bot hears of changes only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reactions: Vec<String>,
    /// All other members of the Bot API's `Message`: `photo`, `caption`, `entities`, …
    #[serde(flatten)]
    pub content: Map<String, Value>,
}

impl Message {
    /// The text, or the caption of a file.
    pub fn words(&self) -> &str {
        self.text
            .as_deref()
            .or_else(|| self.content.get("caption").and_then(Value::as_str))
            .unwrap_or_default()
    }

    /// Seconds since 1970, as the Bot API counts.
    pub(crate) fn date(&self) -> i64 {
        self.at_ms / 1000
    }
}

fn is_false(value: &bool) -> bool {
    !*value
}
