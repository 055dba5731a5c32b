use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Telegram took the reply.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReplySent {
    pub user_id: i64,
    pub message_id: Uuid,
    pub telegram_message_id: i64,
    pub sent_at: Timestamp,
    /// Counts from 1; raised by each "send again".
    pub attempt: u32,
}

crate::declare_event!(ReplySent {
    name: "chat.reply-sent",
    version: 1,
    subject: "chats.*.reply-sent",
    entity: user_id,
    by: [BotBridge],
    personal: [],
    sample: Self {
        user_id: 123_456_789,
        message_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0004),
        telegram_message_id: 18,
        sent_at: Timestamp::UNIX_EPOCH,
        attempt: 1
    },
});
