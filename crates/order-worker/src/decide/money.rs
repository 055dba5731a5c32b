//! Transfers between a customer's available and held balance.

use events::accounts::{AccountHeld, AccountReleased};
use uuid::Uuid;

use super::Facts;
use crate::state::State;

/// Sets the amount aside; the caller has made sure that it is there.
pub(super) fn hold(order_id: Uuid, user_id: Uuid, amount: i64, state: &State, facts: &mut Facts<'_>) {
    let balance = state.balance(user_id);
    let (available, held) = (balance.available - amount, balance.held + amount);
    facts.tell(Some(balance.version + 1), AccountHeld { user_id, order_id, amount, available, held });
}

/// Gives back what an open order has set aside.
pub(super) fn release(order_id: Uuid, user_id: Uuid, amount: i64, state: &State, facts: &mut Facts<'_>) {
    let balance = state.balance(user_id);
    let (available, held) = (balance.available + amount, balance.held - amount);
    facts.tell(Some(balance.version + 1), AccountReleased { user_id, order_id, amount, available, held });
}
