//! Money: each fact is one transfer in a user's ledger. Amounts are kopecks.

mod credit_refused;
mod credit_requested;
mod credited;
mod held;
mod released;

pub use credit_refused::{CreditRefusalCode, CreditRefused};
pub use credit_requested::CreditRequested;
pub use credited::AccountCredited;
pub use held::AccountHeld;
pub use released::AccountReleased;

crate::declare_domain!(
    /// What happens to a user's money.
    AccountEvent { CreditRequested, AccountCredited, CreditRefused, AccountHeld, AccountReleased }
);
