use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An operator opened the chat again, or a new message did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChatOpened {
    pub user_id: i64,
}

crate::declare_event!(ChatOpened {
    name: "chat.opened",
    version: 1,
    subject: "chats.*.opened",
    entity: user_id,
    by: [HttpEdge, ChatWorker],
    personal: [],
    sample: Self { user_id: 123_456_789 },
});
