use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A ready answer is no longer offered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CannedRemoved {
    pub canned_id: Uuid,
}

crate::declare_event!(CannedRemoved {
    name: "desk.canned-removed",
    version: 1,
    subject: "desk.*.canned-removed",
    entity: canned_id,
    by: [HttpEdge],
    personal: [],
    sample: Self { canned_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0007) },
});
