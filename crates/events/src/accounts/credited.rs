use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Money came in: external → available.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AccountCredited {
    pub user_id: Uuid,
    /// Kopecks.
    pub amount: i64,
    pub reason: String,
    /// Kopecks, after the credit.
    pub available: i64,
    /// Kopecks, after the credit.
    pub held: i64,
}

crate::declare_event!(AccountCredited {
    name: "account.credited",
    version: 1,
    subject: "accounts.*.credited",
    entity: user_id,
    by: [OrderWorker],
    personal: ["/reason"],
    sample: Self {
        user_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001),
        amount: 1_000_000,
        reason: "first top-up".into(),
        available: 1_000_000,
        held: 0
    },
});
