use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The Telegram user changed a message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MessageEdited {
    pub user_id: i64,
    pub telegram_message_id: i64,
    pub message_text: String,
    pub edited_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raw: Option<serde_json::Value>,
}

crate::declare_event!(MessageEdited {
    name: "chat.message-edited",
    version: 1,
    subject: "chats.*.message-edited",
    entity: user_id,
    by: [BotBridge, HttpEdge],
    personal: ["/messageText", "/raw"],
    sample: Self {
        user_id: 123_456_789,
        telegram_message_id: 17,
        message_text: "Добрый день".into(),
        edited_at: Timestamp::UNIX_EPOCH,
        raw: Some(serde_json::json!({"update_id": 2}))
    },
});
