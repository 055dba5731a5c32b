use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Telegram refused to change the reply: it stays as it was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EditFailed {
    pub user_id: i64,
    pub message_id: Uuid,
    pub edit_id: Uuid,
    /// For programs: `not_sent`, `bot_blocked`, `chat_not_found`, `message_gone`, `message_too_long`,
    /// `too_late`, `rejected`, `unauthorized`; `timed_out` when Telegram may have done it all the same.
    pub code: String,
    /// Telegram's own words.
    pub reason: String,
}

crate::declare_event!(EditFailed {
    name: "chat.edit-failed",
    version: 1,
    subject: "chats.*.edit-failed",
    entity: user_id,
    by: [BotBridge],
    personal: [],
    sample: Self {
        user_id: 123_456_789,
        message_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0004),
        edit_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0005),
        code: "rejected".into(),
        reason: "Bad Request: message can't be edited".into(),
    },
});
