//! One order.

use askama::Template;

use events::orders::RefusalCode;

use super::{
    FieldErrors, Layout, OrderScans, OrderView, TimelineEvent,
    kinds::{Drawn as _, Worded as _},
};

/// `/dashboard/customer/orders/{id}`. Cancelling posts to `…/{id}/cancel`.
#[derive(Debug, Template)]
#[template(path = "order.html")]
pub struct OrderPage {
    /// The common part.
    pub layout: Layout,
    /// The order.
    pub order: OrderView,
    /// What stands in front of a path of this site, for the outside world.
    pub address: String,
    /// Its events, oldest first.
    pub events: Vec<TimelineEvent>,
    /// Who scanned its code, if that is a short link.
    pub scans: Option<OrderScans>,
}

/// `/dashboard/customer/orders/{id}` of a wish that has led to no order.
#[derive(Debug, Template)]
#[template(path = "order_refused.html")]
pub struct OrderRefusedPage {
    /// The common part.
    pub layout: Layout,
    /// Why.
    pub code: RefusalCode,
    /// The order that this one would repeat.
    pub existing_order: Option<String>,
    /// The fields that broke a rule.
    pub errors: FieldErrors,
}

impl OrderRefusedPage {
    fn reason(&self) -> String {
        self.layout.t(match self.code {
            RefusalCode::Invalid => "refused-invalid",
            RefusalCode::UserNotFound => "refused-user-not-found",
            RefusalCode::IdempotencyMismatch => "refused-idempotency-mismatch",
            RefusalCode::PossibleDuplicate => "refused-possible-duplicate",
        })
    }
}
