use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The account is open again. Its sessions stay ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UserEnabled {
    pub user_id: Uuid,
}

crate::declare_event!(UserEnabled {
    name: "user.enabled",
    version: 1,
    subject: "users.*.enabled",
    entity: user_id,
    by: [Vestnik, HttpEdge],
    personal: [],
    sample: Self { user_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001) },
});
