//! The customer's orders.

use askama::Template;

use super::{BalanceView, Layout, OrderStatus, OrderView, Platform, reasons};

/// `/dashboard/customer?status=&cursor=`.
#[derive(Debug, Template)]
#[template(path = "orders.html")]
pub struct OrdersPage {
    /// The common part.
    pub layout: Layout,
    /// Newest first.
    pub orders: Vec<OrderView>,
    /// Of `?status=`; `None` shows all.
    pub filter: Option<OrderStatus>,
    /// For `?cursor=` of the next page; `None` on the last.
    pub next_cursor: Option<String>,
    /// Whether this is the first page, where new orders appear by themselves.
    pub first_page: bool,
    /// Shown above the list.
    pub balance: BalanceView,
}

impl OrdersPage {
    fn filter_name(&self) -> &'static str {
        self.filter.map_or("", OrderStatus::name)
    }

    fn reasons(&self) -> Vec<(&'static str, String)> {
        reasons::all(&self.layout)
    }

    fn next_url(&self) -> Option<String> {
        let cursor = self.next_cursor.as_deref()?;
        let cursor: String = url::form_urlencoded::byte_serialize(cursor.as_bytes()).collect();
        Some(match self.filter {
            Some(status) => format!("/dashboard/customer?status={}&cursor={cursor}", status.name()),
            None => format!("/dashboard/customer?cursor={cursor}"),
        })
    }
}
