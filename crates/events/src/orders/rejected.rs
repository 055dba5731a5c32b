use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{DecisionInputs, OrderContent};

/// Why an order may not be; the codes of the HTTP contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RejectionCode {
    InsufficientBalance,
    NotACustomer,
    /// The picture does not exist, is another's, or has failed.
    ImageNotAvailable,
}

impl RejectionCode {
    pub const ALL: [Self; 3] = [Self::InsufficientBalance, Self::NotACustomer, Self::ImageNotAvailable];

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::InsufficientBalance => "insufficient_balance",
            Self::NotACustomer => "not_a_customer",
            Self::ImageNotAvailable => "image_not_available",
        }
    }

    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.name() == name)
    }
}

/// The order was well-formed but may not be; it is kept, with the reason.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OrderRejected {
    pub order_id: Uuid,
    pub customer_id: Uuid,
    pub content: OrderContent,
    /// As in `OrderAccepted`.
    pub content_hash: String,
    pub code: RejectionCode,
    pub inputs: DecisionInputs,
}

crate::declare_event!(OrderRejected {
    name: "order.rejected",
    version: 1,
    subject: "orders.*.rejected",
    entity: order_id,
    by: [OrderWorker],
    personal: ["/content/title", "/content/description", "/content/targetUrl", "/content/location"],
    sample: Self {
        order_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0002),
        customer_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001),
        content: OrderContent::sample(),
        content_hash: OrderContent::sample().hash(),
        code: RejectionCode::InsufficientBalance,
        inputs: DecisionInputs::sample()
    },
});
