use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The person is heard again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChatUnbanned {
    pub user_id: i64,
}

crate::declare_event!(ChatUnbanned {
    name: "chat.unbanned",
    version: 1,
    subject: "chats.*.unbanned",
    entity: user_id,
    by: [HttpEdge],
    personal: [],
    sample: Self { user_id: 123_456_789 },
});
