use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::is_first;

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
    /// Which part of the reply, from 0.
    #[serde(default, skip_serializing_if = "is_first")]
    pub part: u32,
    /// Of an album, all of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub telegram_message_ids: Vec<i64>,
    /// Telegram refused the formatting and took the text without it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub plain: bool,
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
        attempt: 1,
        part: 1,
        telegram_message_ids: vec![18, 19],
        plain: true,
    },
});
