use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The account has another password, and every session but the one that asked is over.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UserPasswordChanged {
    pub user_id: Uuid,
}

crate::declare_event!(UserPasswordChanged {
    name: "user.password-changed",
    version: 1,
    subject: "users.*.password-changed",
    entity: user_id,
    by: [Vestnik, HttpEdge],
    personal: [],
    sample: Self { user_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001) },
});
