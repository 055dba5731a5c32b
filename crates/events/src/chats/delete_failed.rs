use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Telegram refused to take the reply back: the person still sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeleteFailed {
    pub user_id: i64,
    pub message_id: Uuid,
    /// For programs: as in `EditFailed`.
    pub code: String,
    /// Telegram's own words.
    pub reason: String,
}

crate::declare_event!(DeleteFailed {
    name: "chat.delete-failed",
    version: 1,
    subject: "chats.*.delete-failed",
    entity: user_id,
    by: [BotBridge],
    personal: [],
    sample: Self {
        user_id: 123_456_789,
        message_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0004),
        code: "too_late".into(),
        reason: "Bad Request: message can't be deleted for everyone".into(),
    },
});
