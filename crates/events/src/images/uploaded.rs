use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{CodeSize, Corner, Placement, StoredObject};

/// A picture's bytes are in the object store, to be rendered with the link if there is one.
/// A picture that is to carry another link is uploaded again under a derived id, with the same object.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ImageUploaded {
    pub image_id: Uuid,
    pub owner_id: Uuid,
    pub original: StoredObject,
    /// Pixels, before EXIF orientation.
    pub width: u32,
    pub height: u32,
    /// The link of the QR code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_url: Option<String>,
    /// The picture that this one is a rendering of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_image_id: Option<Uuid>,
    /// Where the QR code goes; lower right and of normal size when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub placement: Option<Placement>,
}

crate::declare_event!(ImageUploaded {
    name: "image.uploaded",
    version: 1,
    subject: "images.*.uploaded",
    entity: image_id,
    by: [HttpEdge],
    personal: ["/targetUrl"],
    sample: Self {
        image_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0003),
        owner_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001),
        original: StoredObject::sample(),
        width: 1600,
        height: 1200,
        target_url: Some("https://example.org/".into()),
        source_image_id: Some(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0003)),
        placement: Some(Placement { corner: Corner::UpperLeft, size: CodeSize::Large })
    },
});
