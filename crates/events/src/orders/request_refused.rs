use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::InvalidField;

/// Why a request leaves no order; the codes of the HTTP contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RefusalCode {
    /// A field breaks a rule of an order.
    Invalid,
    UserNotFound,
    /// The order id already stands for other content, or for another customer's order.
    IdempotencyMismatch,
    /// The same content was accepted under another id within a minute.
    PossibleDuplicate,
}

/// The request leaves no order behind: it was not well-formed, or it repeats another one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OrderRequestRefused {
    pub order_id: Uuid,
    pub customer_id: Uuid,
    pub code: RefusalCode,
    /// The order that this one would repeat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub existing_order_id: Option<Uuid>,
    pub errors: Vec<InvalidField>,
}

crate::declare_event!(OrderRequestRefused {
    name: "order.request-refused",
    version: 1,
    subject: "orders.*.request-refused",
    entity: order_id,
    by: [OrderWorker],
    personal: [],
    sample: Self {
        order_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0002),
        customer_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001),
        code: RefusalCode::PossibleDuplicate,
        existing_order_id: Some(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0002)),
        errors: vec![InvalidField { field: "title".into(), code: "too_long".into() }]
    },
});
