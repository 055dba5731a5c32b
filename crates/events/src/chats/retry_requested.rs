use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// An operator wants what failed of a reply, or is unknown, to be sent again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RetryRequested {
    pub user_id: i64,
    pub message_id: Uuid,
    pub operator_id: Uuid,
}

crate::declare_event!(RetryRequested {
    name: "chat.retry-requested",
    version: 1,
    subject: "chats.*.retry-requested",
    entity: user_id,
    by: [HttpEdge],
    personal: [],
    sample: Self {
        user_id: 123_456_789,
        message_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0004),
        operator_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001)
    },
});
