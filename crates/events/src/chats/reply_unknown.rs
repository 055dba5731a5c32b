use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::is_first;

/// Nobody can tell whether Telegram took the reply: the answer did not come, or the bridge died before
/// it could be written down. It is not sent again unless an operator says so.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReplyUnknown {
    pub user_id: i64,
    pub message_id: Uuid,
    /// For programs: `timed_out`, `interrupted`.
    pub code: String,
    pub attempt: u32,
    /// Which part of the reply, from 0.
    #[serde(default, skip_serializing_if = "is_first")]
    pub part: u32,
}

crate::declare_event!(ReplyUnknown {
    name: "chat.reply-unknown",
    version: 1,
    subject: "chats.*.reply-unknown",
    entity: user_id,
    by: [BotBridge],
    personal: [],
    sample: Self {
        user_id: 123_456_789,
        message_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0004),
        code: "timed_out".into(),
        attempt: 1,
        part: 1,
    },
});
