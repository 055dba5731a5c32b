//! An administrator adds money to an account.

use events::{
    Event as _,
    accounts::{AccountCredited, CreditRefusalCode, CreditRefused, CreditRequested},
    fact_id,
    orders::rules,
};

use super::Facts;
use crate::state::State;

/// Kopecks that one account may have in all: the largest whole number that JSON carries everywhere
/// (RFC 8259, section 6). Within it no sum of one account overflows.
pub const MAX_BALANCE: i64 = (1 << 53) - 1;

pub(super) fn decide(requested: &CreditRequested, state: &State, facts: &mut Facts<'_>) {
    // Entered long ago, whatever the inbox remembers: the log has the answer.
    if state.credited.contains(&fact_id(facts.cause.id, AccountCredited::NAME, 0)) {
        return;
    }
    let (user_id, amount) = (requested.user_id, requested.amount);
    let mut refuse = |code| facts.tell(None, CreditRefused { user_id, amount, code });
    if !state.roles.contains_key(&user_id) {
        return refuse(CreditRefusalCode::UserNotFound);
    }
    let balance = state.balance(user_id);
    if amount <= 0 || amount > MAX_BALANCE - balance.available - balance.held {
        return refuse(CreditRefusalCode::InvalidAmount);
    }
    let (available, held) = (balance.available + amount, balance.held);
    let reason = rules::line(&requested.reason);
    facts.tell(Some(balance.version + 1), AccountCredited { user_id, amount, reason, available, held });
}
