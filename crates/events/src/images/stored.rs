use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Corner;

/// Bytes in an object store bucket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StoredObject {
    /// The object's name in its bucket.
    pub name: String,
    /// SHA-256 of the bytes, in hexadecimal.
    pub sha256: String,
    /// Bytes.
    pub size: u64,
    /// The type, found from the bytes: `image/jpeg`.
    pub content_type: String,
}

/// Where the QR code is in the picture; all lengths in pixels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Geometry {
    /// The plate's upper left corner.
    pub x: u32,
    pub y: u32,
    /// The plate's side, quiet zone included.
    pub side: u32,
    /// Pixels per module.
    pub module: u32,
    /// The QR code's version, 1 to 40 (ISO/IEC 18004).
    pub version: i16,
    /// `Q` or `H`.
    pub error_correction: String,
    /// The corner of the picture that the plate is in; lower right when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corner: Option<Corner>,
}

/// Whether the code could be read from the finished picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReadBack {
    pub as_is: bool,
    pub half_size: bool,
    pub jpeg_quality_60: bool,
    /// Turned by 5 degrees.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rotated5: Option<bool>,
    /// Slightly out of focus.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blurred: Option<bool>,
}

impl StoredObject {
    #[must_use]
    pub fn sample() -> Self {
        Self {
            name: "01900000-0000-7000-8000-000000000003/original".into(),
            sha256: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855".into(),
            size: 48_213,
            content_type: "image/jpeg".into(),
        }
    }
}

impl Geometry {
    #[must_use]
    pub fn sample() -> Self {
        Self {
            x: 1280,
            y: 880,
            side: 296,
            module: 8,
            version: 3,
            error_correction: "Q".into(),
            corner: Some(Corner::LowerRight),
        }
    }
}

impl ReadBack {
    #[must_use]
    pub fn sample() -> Self {
        Self {
            as_is: true,
            half_size: true,
            jpeg_quality_60: true,
            rotated5: Some(true),
            blurred: Some(true),
        }
    }
}
