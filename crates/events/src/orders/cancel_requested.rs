use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The customer wants the order gone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OrderCancelRequested {
    pub order_id: Uuid,
    pub customer_id: Uuid,
}

crate::declare_event!(OrderCancelRequested {
    name: "order.cancel-requested",
    version: 1,
    subject: "orders.*.cancel-requested",
    entity: order_id,
    by: [HttpEdge],
    personal: [],
    sample: Self {
        order_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0002),
        customer_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001)
    },
});
