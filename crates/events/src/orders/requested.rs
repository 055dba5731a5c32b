use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::OrderContent;

/// A customer sent the form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OrderRequested {
    pub order_id: Uuid,
    pub customer_id: Uuid,
    pub content: OrderContent,
    /// Ask back instead of accepting when the same content was accepted within a minute.
    pub guard_duplicates: bool,
}

crate::declare_event!(OrderRequested {
    name: "order.requested",
    version: 1,
    subject: "orders.*.requested",
    entity: order_id,
    by: [HttpEdge],
    personal: ["/content/title", "/content/description", "/content/targetUrl", "/content/location"],
    sample: Self {
        order_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0002),
        customer_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001),
        content: OrderContent::sample(),
        guard_duplicates: true
    },
});
