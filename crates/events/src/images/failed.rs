use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The picture could not be rendered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ImageFailed {
    pub image_id: Uuid,
    pub owner_id: Uuid,
    /// For programs: `truncated`, `too_small`, `read_back_failed`, …
    pub code: String,
    /// What to do about it, in English.
    pub message: String,
}

crate::declare_event!(ImageFailed {
    name: "image.failed",
    version: 1,
    subject: "images.*.failed",
    entity: image_id,
    by: [MediaWorker],
    personal: [],
    sample: Self {
        image_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0003),
        owner_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001),
        code: "truncated".into(),
        message: "the file ends too early; upload it again".into()
    },
});
