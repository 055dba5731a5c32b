use super::super::RejectionCode;
use crate::users::Role;

/// Whether an account may have an order of this amount: only customers, and only what they can pay.
/// `available` and `amount` in kopecks.
pub const fn admit(role: Role, available: i64, amount: i64) -> Result<(), RejectionCode> {
    if !matches!(role, Role::Customer) {
        return Err(RejectionCode::NotACustomer);
    }
    if amount > available {
        return Err(RejectionCode::InsufficientBalance);
    }
    Ok(())
}
