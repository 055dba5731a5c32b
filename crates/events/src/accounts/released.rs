use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A hold was given back: held → available.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AccountReleased {
    pub user_id: Uuid,
    pub order_id: Uuid,
    /// Kopecks.
    pub amount: i64,
    /// Kopecks, after the release.
    pub available: i64,
    /// Kopecks, after the release.
    pub held: i64,
}

crate::declare_event!(AccountReleased {
    name: "account.released",
    version: 1,
    subject: "accounts.*.released",
    entity: user_id,
    by: [OrderWorker],
    personal: [],
    sample: Self {
        user_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001),
        order_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0002),
        amount: 150_000,
        available: 1_000_000,
        held: 0
    },
});
