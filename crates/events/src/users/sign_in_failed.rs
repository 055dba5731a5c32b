use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Listener;

/// A wrong password for an account that exists.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UserSignInFailed {
    pub user_id: Uuid,
    pub listener: Listener,
}

crate::declare_event!(UserSignInFailed {
    name: "user.sign-in-failed",
    version: 1,
    subject: "users.*.sign-in-failed",
    entity: user_id,
    by: [HttpEdge],
    personal: [],
    sample: Self {
        user_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001),
        listener: Listener::Backoffice
    },
});
