use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::OrderStatus;

/// The order could not be cancelled.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OrderCancelRefused {
    pub order_id: Uuid,
    pub customer_id: Uuid,
    /// The state that stands against it; `None` when the customer has no such order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<OrderStatus>,
}

crate::declare_event!(OrderCancelRefused {
    name: "order.cancel-refused",
    version: 1,
    subject: "orders.*.cancel-refused",
    entity: order_id,
    by: [OrderWorker],
    personal: [],
    sample: Self {
        order_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0002),
        customer_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001),
        status: Some(OrderStatus::Expired)
    },
});
