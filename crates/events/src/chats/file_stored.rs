use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::images::StoredObject;

/// A message's file is in the object store.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FileStored {
    pub user_id: i64,
    pub message_id: Uuid,
    pub file_id: Uuid,
    pub file: StoredObject,
}

crate::declare_event!(FileStored {
    name: "chat.file-stored",
    version: 1,
    subject: "chats.*.file-stored",
    entity: user_id,
    by: [BotBridge],
    personal: [],
    sample: Self {
        user_id: 123_456_789,
        message_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0004),
        file_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0003),
        file: StoredObject::sample()
    },
});
