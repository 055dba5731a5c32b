use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Why a credit was not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CreditRefusalCode {
    UserNotFound,
    /// Not above zero, or the balance would leave the range of kopecks.
    InvalidAmount,
}

/// The credit was not made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CreditRefused {
    pub user_id: Uuid,
    /// Kopecks.
    pub amount: i64,
    pub code: CreditRefusalCode,
}

crate::declare_event!(CreditRefused {
    name: "account.credit-refused",
    version: 1,
    subject: "accounts.*.credit-refused",
    entity: user_id,
    by: [OrderWorker],
    personal: [],
    sample: Self {
        user_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001),
        amount: -5,
        code: CreditRefusalCode::InvalidAmount
    },
});
