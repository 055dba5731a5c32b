//! Orders: asked for, decided, ended.

mod accepted;
mod cancel_refused;
mod cancel_requested;
mod cancelled;
mod content;
mod expired;
mod rejected;
mod request_refused;
mod requested;
pub mod rules;
mod scanned;
mod short_code;

pub use accepted::OrderAccepted;
pub use cancel_refused::OrderCancelRefused;
pub use cancel_requested::OrderCancelRequested;
pub use cancelled::OrderCancelled;
pub use content::{DecisionInputs, InvalidField, Location, OrderContent, OrderStatus, Platform};
pub use expired::OrderExpired;
pub use rejected::{OrderRejected, RejectionCode};
pub use request_refused::{OrderRequestRefused, RefusalCode};
pub use requested::OrderRequested;
pub use scanned::{Device, OrderScanned, Scan};
pub use short_code::{is_short_code, short_code};

crate::declare_domain!(
    /// What happens to an order.
    OrderEvent {
        OrderRequested,
        OrderAccepted,
        OrderRejected,
        OrderRequestRefused,
        OrderCancelRequested,
        OrderCancelled,
        OrderCancelRefused,
        OrderExpired,
        OrderScanned,
    }
);
