use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An operator closed the chat.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChatClosed {
    pub user_id: i64,
}

crate::declare_event!(ChatClosed {
    name: "chat.closed",
    version: 1,
    subject: "chats.*.closed",
    entity: user_id,
    by: [HttpEdge, ChatWorker],
    personal: [],
    sample: Self { user_id: 123_456_789 },
});
