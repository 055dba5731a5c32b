use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::TextEntity;

/// An operator changes the text of a reply that Telegram has.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EditRequested {
    pub user_id: i64,
    pub message_id: Uuid,
    /// Our id of the change.
    pub edit_id: Uuid,
    pub message_text: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entities: Vec<TextEntity>,
    pub operator_id: Uuid,
}

crate::declare_event!(EditRequested {
    name: "chat.edit-requested",
    version: 1,
    subject: "chats.*.edit-requested",
    entity: user_id,
    by: [HttpEdge],
    personal: ["/messageText", "/entities"],
    sample: Self {
        user_id: 123_456_789,
        message_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0004),
        edit_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0005),
        message_text: "Уже отправили".into(),
        entities: vec![TextEntity::sample()],
        operator_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001),
    },
});
