use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::TextEntity;

/// Telegram shows the reply with another text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReplyEdited {
    pub user_id: i64,
    pub message_id: Uuid,
    pub edit_id: Uuid,
    pub message_text: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entities: Vec<TextEntity>,
    pub edited_at: Timestamp,
}

crate::declare_event!(ReplyEdited {
    name: "chat.reply-edited",
    version: 1,
    subject: "chats.*.reply-edited",
    entity: user_id,
    by: [BotBridge],
    personal: ["/messageText", "/entities"],
    sample: Self {
        user_id: 123_456_789,
        message_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0004),
        edit_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0005),
        message_text: "Уже отправили".into(),
        entities: vec![TextEntity::sample()],
        edited_at: Timestamp::UNIX_EPOCH,
    },
});
