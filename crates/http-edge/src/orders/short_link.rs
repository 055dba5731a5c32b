//! Short links of orders: what a QR code carries instead of the target itself.

use events::{derived_id, orders::short_code};
use uuid::Uuid;

use crate::edge::Edge;

/// The order that this customer's wish with this idempotency key makes.
pub(crate) fn order_of_key(customer: Uuid, key: &str) -> Uuid {
    derived_id(&["order", &customer.to_string(), key])
}

/// An order's short link, at the address that the outside world knows.
pub(crate) fn of(edge: &Edge, order: Uuid) -> String {
    format!("{}/q/{}", edge.address, short_code(order))
}

/// The short link of an order that is still to be made.
pub(crate) fn of_key(edge: &Edge, customer: Uuid, key: &str) -> String {
    of(edge, order_of_key(customer, key))
}
