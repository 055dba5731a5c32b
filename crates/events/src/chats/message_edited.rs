use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::TextEntity;

/// The Telegram user changed a message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MessageEdited {
    pub user_id: i64,
    pub telegram_message_id: i64,
    pub message_text: String,
    pub edited_at: Timestamp,
    /// Telegram's id of the bot that it was written to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bot_id: Option<i64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entities: Vec<TextEntity>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raw: Option<serde_json::Value>,
}

crate::declare_event!(MessageEdited {
    name: "chat.message-edited",
    version: 1,
    subject: "chats.*.message-edited",
    entity: user_id,
    by: [BotBridge, HttpEdge],
    personal: ["/messageText", "/entities", "/raw"],
    sample: Self {
        user_id: 123_456_789,
        telegram_message_id: 17,
        message_text: "Добрый день".into(),
        edited_at: Timestamp::UNIX_EPOCH,
        bot_id: Some(123_456),
        entities: vec![TextEntity::sample()],
        raw: Some(serde_json::json!({"update_id": 2}))
    },
});
