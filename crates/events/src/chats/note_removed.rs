use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A note is no longer shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NoteRemoved {
    pub user_id: i64,
    pub note_id: Uuid,
    pub operator_id: Uuid,
}

crate::declare_event!(NoteRemoved {
    name: "chat.note-removed",
    version: 1,
    subject: "chats.*.note-removed",
    entity: user_id,
    by: [HttpEdge],
    personal: [],
    sample: Self {
        user_id: 123_456_789,
        note_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0006),
        operator_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001),
    },
});
