use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Role;

/// The account's role is another one from now on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RoleGranted {
    pub user_id: Uuid,
    pub role: Role,
}

crate::declare_event!(RoleGranted {
    name: "user.role-granted",
    version: 1,
    subject: "users.*.role-granted",
    entity: user_id,
    by: [Vestnik, HttpEdge],
    personal: [],
    sample: Self {
        user_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001),
        role: Role::Operator
    },
});
