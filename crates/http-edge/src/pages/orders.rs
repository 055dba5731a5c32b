//! The customer's orders.

use askama::Template;
use events::orders::{OrderStatus, Platform};

use super::{
    BalanceView, Layout, OrderView,
    kinds::{self, Drawn as _, Worded as _},
    reasons,
};

/// `/dashboard/customer?status=&search=&cursor=`.
#[derive(Debug, Template)]
#[template(path = "orders.html")]
pub struct OrdersPage {
    /// The common part.
    pub layout: Layout,
    /// Newest first.
    pub orders: Vec<OrderView>,
    /// Of `?status=`; `None` shows all.
    pub filter: Option<OrderStatus>,
    /// Of `?search=`; empty shows all.
    pub search: String,
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

    fn is_narrowed(&self) -> bool {
        self.filter.is_some() || !self.search.is_empty()
    }

    /// This list in another state, or in all.
    fn filter_url(&self, status: &str) -> String {
        self.url(&[("status", status), ("search", &self.search)])
    }

    fn next_url(&self) -> Option<String> {
        let cursor = self.next_cursor.as_deref()?;
        Some(self.url(&[("status", self.filter_name()), ("search", &self.search), ("cursor", cursor)]))
    }

    fn url(&self, parameters: &[(&str, &str)]) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(parameters.iter().filter(|(_, value)| !value.is_empty()));
        match query.finish().as_str() {
            "" => "/dashboard/customer".to_owned(),
            query => format!("/dashboard/customer?{query}"),
        }
    }
}
