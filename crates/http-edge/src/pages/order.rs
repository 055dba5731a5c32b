//! One order.

use askama::Template;

use super::{Layout, OrderView, TimelineEvent};

/// `/dashboard/customer/orders/{id}`. Cancelling posts to `…/{id}/cancel`.
#[derive(Debug, Template)]
#[template(path = "order.html")]
pub struct OrderPage {
    /// The common part.
    pub layout: Layout,
    /// The order.
    pub order: OrderView,
    /// Its events, oldest first.
    pub events: Vec<TimelineEvent>,
}
