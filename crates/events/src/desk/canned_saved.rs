use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A ready answer was written or changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CannedSaved {
    pub canned_id: Uuid,
    /// What it is called by after `/`: 1 to 32 letters, digits, `-` and `_`, in lower case.
    pub shortcut: String,
    /// At most 4,096 UTF-16 units; `{name}` and the like stand for what is known of the person.
    pub canned_text: String,
}

crate::declare_event!(CannedSaved {
    name: "desk.canned-saved",
    version: 1,
    subject: "desk.*.canned-saved",
    entity: canned_id,
    by: [HttpEdge],
    personal: [],
    sample: Self {
        canned_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0007),
        shortcut: "привет".into(),
        canned_text: "Здравствуйте, {name}!".into()
    },
});
