use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Money was set aside for an order: available → held.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AccountHeld {
    pub user_id: Uuid,
    pub order_id: Uuid,
    /// Kopecks.
    pub amount: i64,
    /// Kopecks, after the hold.
    pub available: i64,
    /// Kopecks, after the hold.
    pub held: i64,
}

crate::declare_event!(AccountHeld {
    name: "account.held",
    version: 1,
    subject: "accounts.*.held",
    entity: user_id,
    by: [OrderWorker],
    personal: [],
    sample: Self {
        user_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001),
        order_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0002),
        amount: 150_000,
        available: 850_000,
        held: 150_000
    },
});
