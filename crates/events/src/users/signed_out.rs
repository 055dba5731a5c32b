use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Listener;

/// A session was ended by its owner.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UserSignedOut {
    pub user_id: Uuid,
    pub listener: Listener,
}

crate::declare_event!(UserSignedOut {
    name: "user.signed-out",
    version: 1,
    subject: "users.*.signed-out",
    entity: user_id,
    by: [HttpEdge, Vestnik],
    personal: [],
    sample: Self {
        user_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001),
        listener: Listener::Public
    },
});
