use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{DecisionInputs, OrderContent};

/// The order is open and its amount is held.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OrderAccepted {
    pub order_id: Uuid,
    pub customer_id: Uuid,
    pub content: OrderContent,
    /// SHA-256 of the content, in hexadecimal: what a repetition is compared by.
    pub content_hash: String,
    pub inputs: DecisionInputs,
}

crate::declare_event!(OrderAccepted {
    name: "order.accepted",
    version: 1,
    subject: "orders.*.accepted",
    entity: order_id,
    by: [OrderWorker],
    personal: ["/content/title", "/content/description", "/content/targetUrl", "/content/location"],
    sample: Self {
        order_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0002),
        customer_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001),
        content: OrderContent::sample(),
        content_hash: OrderContent::sample().hash(),
        inputs: DecisionInputs::sample()
    },
});
