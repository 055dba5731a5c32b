use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Geometry, ReadBack, StoredObject};

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
    /// Which readings gave the link, when the code was not read; those of the last attempt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_back: Option<ReadBack>,
    /// Where the code was at the last attempt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub geometry: Option<Geometry>,
    /// How often it was rendered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempts: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renderer_version: Option<String>,
    /// The last rendering, whose code was not read; for administrators.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub candidate: Option<StoredObject>,
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
        message: "the file ends too early; upload it again".into(),
        read_back: Some(ReadBack::sample()),
        geometry: Some(Geometry::sample()),
        attempts: Some(5),
        renderer_version: Some("1".into()),
        candidate: Some(StoredObject::sample())
    },
});
