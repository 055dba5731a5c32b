use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::MessageType;
use crate::images::StoredObject;

/// A file that an operator sends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReplyFile {
    pub file_id: Uuid,
    pub file: StoredObject,
    /// What it is sent as: `photo`, `video`, `audio`, `animation`, `document`.
    pub kind: MessageType,
    /// As the operator's device calls it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_name: Option<String>,
    /// Pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
}

impl ReplyFile {
    #[must_use]
    pub fn sample() -> Self {
        Self {
            file_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0003),
            file: StoredObject::sample(),
            kind: MessageType::Photo,
            file_name: Some("photo.jpg".into()),
            width: Some(1280),
            height: Some(960),
        }
    }
}
