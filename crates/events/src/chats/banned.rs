use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What the person writes is kept, but calls for nobody, and nothing is sent to them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChatBanned {
    pub user_id: i64,
    /// Why, 1 to 500 characters.
    pub reason: String,
}

crate::declare_event!(ChatBanned {
    name: "chat.banned",
    version: 1,
    subject: "chats.*.banned",
    entity: user_id,
    by: [HttpEdge],
    personal: ["/reason"],
    sample: Self { user_id: 123_456_789, reason: "спам".into() },
});
