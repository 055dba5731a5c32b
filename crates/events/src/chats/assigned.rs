use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The chat is somebody's to answer, or nobody's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChatAssigned {
    pub user_id: i64,
    /// Who answers from now on; nobody in particular when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operator_id: Option<Uuid>,
}

crate::declare_event!(ChatAssigned {
    name: "chat.assigned",
    version: 1,
    subject: "chats.*.assigned",
    entity: user_id,
    by: [HttpEdge],
    personal: [],
    sample: Self {
        user_id: 123_456_789,
        operator_id: Some(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001)),
    },
});
