//! The customer wants the order gone.

use events::orders::{OrderCancelRefused, OrderCancelRequested, OrderCancelled, OrderStatus};

use super::{Facts, money};
use crate::state::State;

/// Only one's own, only while it is open; also after its deadline, as long as the clock has not ended it.
pub(super) fn decide(requested: &OrderCancelRequested, state: &State, facts: &mut Facts<'_>) {
    let (order_id, customer_id) = (requested.order_id, requested.customer_id);
    let own = state.orders.get(&order_id).filter(|order| order.customer_id == customer_id);
    match own {
        Some(order) if order.status == OrderStatus::Open => {
            let amount = order.amount;
            facts.tell(Some(order.version + 1), OrderCancelled { order_id, customer_id, amount });
            money::release(order_id, customer_id, amount, state, facts);
        }
        other => {
            let status = other.map(|order| order.status);
            facts.tell(None, OrderCancelRefused { order_id, customer_id, status });
        }
    }
}
