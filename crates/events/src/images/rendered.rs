use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Geometry, ReadBack, StoredObject};

/// The picture carries its QR code, and the code was read back from it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ImageRendered {
    pub image_id: Uuid,
    pub owner_id: Uuid,
    pub target_url: String,
    pub processed: StoredObject,
    pub qr_png: StoredObject,
    pub qr_svg: StoredObject,
    pub thumbnail: StoredObject,
    /// Pixels, after EXIF orientation.
    pub width: u32,
    pub height: u32,
    pub geometry: Geometry,
    pub read_back: ReadBack,
    /// How often it was rendered until it could be read.
    pub attempts: u32,
    pub renderer_version: String,
    /// True when outside the plate nothing was encoded anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lossless: Option<bool>,
    /// What the customer should know of the result: `first_frame`, `scaled_up`, `converted_from_cmyk`, …
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

crate::declare_event!(ImageRendered {
    name: "image.rendered",
    version: 1,
    subject: "images.*.rendered",
    entity: image_id,
    by: [MediaWorker],
    personal: ["/targetUrl"],
    sample: Self {
        image_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0003),
        owner_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001),
        target_url: "https://example.org/".into(),
        processed: StoredObject::sample(),
        qr_png: StoredObject::sample(),
        qr_svg: StoredObject::sample(),
        thumbnail: StoredObject::sample(),
        width: 1600,
        height: 1200,
        geometry: Geometry::sample(),
        read_back: ReadBack::sample(),
        attempts: 1,
        renderer_version: "1".into(),
        lossless: Some(true),
        notes: vec!["first_frame".into()]
    },
});
