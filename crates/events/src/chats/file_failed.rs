use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A message's file could not be fetched.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FileFailed {
    pub user_id: i64,
    pub message_id: Uuid,
    /// For programs: `too_large`, `not_found`, `unavailable`.
    pub code: String,
    pub reason: String,
}

crate::declare_event!(FileFailed {
    name: "chat.file-failed",
    version: 1,
    subject: "chats.*.file-failed",
    entity: user_id,
    by: [BotBridge],
    personal: [],
    sample: Self {
        user_id: 123_456_789,
        message_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0004),
        code: "too_large".into(),
        reason: "Bad Request: file is too big".into()
    },
});
