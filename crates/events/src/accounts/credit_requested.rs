use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// An administrator adds money to an account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CreditRequested {
    pub user_id: Uuid,
    /// Kopecks.
    pub amount: i64,
    /// Why, in the administrator's words.
    pub reason: String,
}

crate::declare_event!(CreditRequested {
    name: "account.credit-requested",
    version: 1,
    subject: "accounts.*.credit-requested",
    entity: user_id,
    by: [Vestnik, HttpEdge],
    personal: ["/reason"],
    sample: Self {
        user_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001),
        amount: 1_000_000,
        reason: "first top-up".into()
    },
});
