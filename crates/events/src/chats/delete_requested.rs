use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// An operator takes a reply back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeleteRequested {
    pub user_id: i64,
    pub message_id: Uuid,
    pub operator_id: Uuid,
}

crate::declare_event!(DeleteRequested {
    name: "chat.delete-requested",
    version: 1,
    subject: "chats.*.delete-requested",
    entity: user_id,
    by: [HttpEdge],
    personal: [],
    sample: Self {
        user_id: 123_456_789,
        message_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0004),
        operator_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001),
    },
});
