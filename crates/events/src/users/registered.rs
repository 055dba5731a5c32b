use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Role;

/// Somebody has an account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UserRegistered {
    pub user_id: Uuid,
    /// E.164.
    pub phone: String,
    pub name: String,
    pub role: Role,
}

crate::declare_event!(UserRegistered {
    name: "user.registered",
    version: 1,
    subject: "users.*.registered",
    entity: user_id,
    by: [HttpEdge, Vestnik],
    personal: ["/phone", "/name"],
    sample: Self {
        user_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001),
        phone: "+79241242417".into(),
        name: "Анна".into(),
        role: Role::Customer
    },
});
