use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The order is no longer open; its hold is released.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OrderCancelled {
    pub order_id: Uuid,
    pub customer_id: Uuid,
    /// Kopecks.
    pub amount: i64,
}

crate::declare_event!(OrderCancelled {
    name: "order.cancelled",
    version: 1,
    subject: "orders.*.cancelled",
    entity: order_id,
    by: [OrderWorker],
    personal: [],
    sample: Self {
        order_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0002),
        customer_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001),
        amount: 150_000
    },
});
