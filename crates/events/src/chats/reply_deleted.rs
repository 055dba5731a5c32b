use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The reply is gone from the person's Telegram.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReplyDeleted {
    pub user_id: i64,
    pub message_id: Uuid,
    pub deleted_at: Timestamp,
}

crate::declare_event!(ReplyDeleted {
    name: "chat.reply-deleted",
    version: 1,
    subject: "chats.*.reply-deleted",
    entity: user_id,
    by: [BotBridge],
    personal: [],
    sample: Self {
        user_id: 123_456_789,
        message_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0004),
        deleted_at: Timestamp::UNIX_EPOCH,
    },
});
