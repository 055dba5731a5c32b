use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::is_first;

/// Telegram refused the reply for good.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReplyFailed {
    pub user_id: i64,
    pub message_id: Uuid,
    /// For programs: `bot_blocked`, `chat_not_found`, `message_too_long`, `too_large` (a file), `file_missing`,
    /// `rejected`, `unauthorized`; `bot_gone` when no bridge has the bot any more.
    pub code: String,
    /// Telegram's own words.
    pub reason: String,
    pub attempt: u32,
    /// Which part of the reply, from 0.
    #[serde(default, skip_serializing_if = "is_first")]
    pub part: u32,
}

crate::declare_event!(ReplyFailed {
    name: "chat.reply-failed",
    version: 1,
    subject: "chats.*.reply-failed",
    entity: user_id,
    by: [BotBridge],
    personal: [],
    sample: Self {
        user_id: 123_456_789,
        message_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0004),
        code: "bot_blocked".into(),
        reason: "Forbidden: bot was blocked by the user".into(),
        attempt: 1,
        part: 1,
    },
});
