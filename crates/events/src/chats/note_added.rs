use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// An operator wrote something down for colleagues. It never goes to Telegram.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NoteAdded {
    pub user_id: i64,
    pub note_id: Uuid,
    pub note_text: String,
    pub operator_id: Uuid,
}

crate::declare_event!(NoteAdded {
    name: "chat.note-added",
    version: 1,
    subject: "chats.*.note-added",
    entity: user_id,
    by: [HttpEdge],
    personal: ["/noteText"],
    sample: Self {
        user_id: 123_456_789,
        note_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0006),
        note_text: "Просил перезвонить".into(),
        operator_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001),
    },
});
