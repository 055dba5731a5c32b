use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The account is shut: no session or token of it is good any more, and nobody can sign in to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UserDisabled {
    pub user_id: Uuid,
    /// Why, for other administrators, 1 to 500 characters.
    pub reason: String,
}

crate::declare_event!(UserDisabled {
    name: "user.disabled",
    version: 1,
    subject: "users.*.disabled",
    entity: user_id,
    by: [Vestnik, HttpEdge],
    personal: ["/reason"],
    sample: Self {
        user_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001),
        reason: "sold the account".into()
    },
});
