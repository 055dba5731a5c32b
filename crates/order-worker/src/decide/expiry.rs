//! The deadline passed.

use events::{
    Event as _, Meta, Service, derived_id,
    orders::{OrderExpired, OrderStatus},
};
use jiff::Timestamp;
use uuid::Uuid;

use super::{Facts, money};
use crate::state::State;

/// What stands for the wish that nobody sent. Its id follows from the order's, so the facts have the same
/// ids whichever instance notices, and however often.
#[must_use]
pub fn cause(order_id: Uuid, now: Timestamp) -> Meta {
    let id = derived_id(&["order-expiry", &order_id.to_string()]);
    Meta {
        id,
        source: Service::OrderWorker.name().to_owned(),
        ce_type: OrderExpired::ce_type(),
        time: now,
        entity: order_id.to_string(),
        correlation: id,
        causation: None,
        auth: Service::OrderWorker.name().to_owned(),
        version: None,
        traceparent: None,
    }
}

/// Nothing to tell when the order has ended otherwise since the clock looked.
pub(super) fn decide(order_id: Uuid, state: &State, facts: &mut Facts<'_>) {
    let Some(order) = state.orders.get(&order_id) else { return };
    if order.status != OrderStatus::Open || order.deadline > state.now {
        return;
    }
    let (customer_id, amount) = (order.customer_id, order.amount);
    facts.tell(Some(order.version + 1), OrderExpired { order_id, customer_id, amount });
    money::release(order_id, customer_id, amount, state, facts);
}
