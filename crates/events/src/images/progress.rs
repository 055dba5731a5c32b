use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How far the media worker is with a picture, on [`image_progress`](crate::subjects::image_progress). No event of the
/// log: who misses it misses nothing, and it may come twice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ImageProgress {
    pub image_id: Uuid,
    pub owner_id: Uuid,
    pub stage: Stage,
}

/// In this order; a code that has to grow goes back to `rendering`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// The original comes from the object store.
    Fetching,
    Decoding,
    Rendering,
    ReadingBack,
    /// The results go to the object store.
    Storing,
}
