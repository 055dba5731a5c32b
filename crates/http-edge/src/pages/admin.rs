//! The administrators' pages: people and orders.

use askama::Template;
use events::orders::OrderStatus;
use jiff::Timestamp;

use super::{
    BalanceView, EntryKind, FieldErrors, Layout, OrderView, PictureView, Role, TimelineEvent,
    kinds::{self, Drawn as _, Worded as _},
    query_string,
};

/// An account as administrators see it.
#[derive(Debug, Clone)]
pub struct AccountView {
    /// UUID.
    pub id: String,
    /// As it was given at sign-up.
    pub name: String,
    /// E.164.
    pub phone: String,
    /// What it may do.
    pub role: Role,
    /// When it was made.
    pub created_at: Timestamp,
    /// Since when it is shut, and why.
    pub disabled: Option<(Timestamp, String)>,
}

/// `/dashboard/users?search=&role=&cursor=`.
#[derive(Debug, Template)]
#[template(path = "admin_users.html")]
pub struct AdminUsersPage {
    /// The common part.
    pub layout: Layout,
    /// Newest first.
    pub users: Vec<AccountView>,
    /// As it was typed.
    pub search: String,
    /// Only these; `None` shows all.
    pub role: Option<Role>,
    /// For the next page; `None` on the last.
    pub next_cursor: Option<String>,
}

impl AdminUsersPage {
    fn is_role(&self, role: &Role) -> bool {
        self.role == Some(*role)
    }

    fn is_filtered(&self) -> bool {
        self.role.is_some() || !self.search.is_empty()
    }

    fn next_url(&self) -> Option<String> {
        let cursor = self.next_cursor.as_deref()?;
        let role = self.role.map_or("", Role::name);
        Some(query_string(
            "/dashboard/users",
            &[("search", &self.search), ("role", role), ("cursor", cursor)],
        ))
    }
}

/// An entry of somebody's ledger.
#[derive(Debug, Clone)]
pub struct LedgerLine {
    /// What it is.
    pub kind: EntryKind,
    /// In kopecks.
    pub amount: i64,
    /// When.
    pub at: Timestamp,
    /// For which order.
    pub order_id: Option<String>,
    /// Why it was added.
    pub reason: Option<String>,
}

impl LedgerLine {
    fn text(&self, layout: &Layout) -> String {
        layout.t(match self.kind {
            EntryKind::Credit => "ledger-credit",
            EntryKind::Hold => "ledger-hold",
            EntryKind::Release => "ledger-release",
        })
    }
}

/// `/dashboard/users/{userId}`. Forms post to `…/role`, `…/disable`, `…/enable` and `…/credit`.
#[derive(Debug, Template)]
#[template(path = "admin_user.html")]
pub struct AdminUserPage {
    /// The common part.
    pub layout: Layout,
    /// Whose page it is.
    pub user: AccountView,
    /// It is one's own: it can be neither shut nor demoted.
    pub oneself: bool,
    /// What they have.
    pub balance: BalanceView,
    /// The newest entries.
    pub ledger: Vec<LedgerLine>,
    /// The newest orders.
    pub orders: Vec<OrderView>,
    /// What makes the credit one, however often the form is sent.
    pub key: String,
    /// As it was typed.
    pub amount: String,
    /// As it was typed.
    pub reason: String,
    /// Fields `amount`, `reason` of the credit, `disableReason`.
    pub errors: FieldErrors,
}

impl AdminUserPage {
    fn has_role(&self, role: &Role) -> bool {
        self.user.role == *role
    }

    fn is_wrong(&self, field: &str) -> bool {
        self.errors.iter().any(|error| error.field == field)
    }

    /// What was typed belongs to the form that was refused.
    fn credit_reason(&self) -> &str {
        if self.is_wrong("disableReason") { "" } else { &self.reason }
    }
}

/// An order and whose it is.
#[derive(Debug, Clone)]
pub struct OwnedOrderView {
    /// UUID.
    pub customer_id: String,
    /// As it was given at sign-up.
    pub customer_name: String,
    /// E.164.
    pub customer_phone: String,
    /// The order.
    pub order: OrderView,
}

/// `/dashboard/orders?search=&status=&cursor=`.
#[derive(Debug, Template)]
#[template(path = "admin_orders.html")]
pub struct AdminOrdersPage {
    /// The common part.
    pub layout: Layout,
    /// Newest first.
    pub orders: Vec<OwnedOrderView>,
    /// As it was typed.
    pub search: String,
    /// Only these; `None` shows all.
    pub status: Option<OrderStatus>,
    /// For the next page; `None` on the last.
    pub next_cursor: Option<String>,
}

impl AdminOrdersPage {
    fn is_status(&self, status: &OrderStatus) -> bool {
        self.status == Some(*status)
    }

    fn is_filtered(&self) -> bool {
        self.status.is_some() || !self.search.is_empty()
    }

    fn next_url(&self) -> Option<String> {
        let cursor = self.next_cursor.as_deref()?;
        let status = self.status.map_or("", OrderStatus::name);
        let query = [("search", self.search.as_str()), ("status", status), ("cursor", cursor)];
        Some(query_string("/dashboard/orders", &query))
    }
}

/// `/dashboard/orders/{id}`.
#[derive(Debug, Template)]
#[template(path = "admin_order.html")]
pub struct AdminOrderPage {
    /// The common part.
    pub layout: Layout,
    /// The order and whose it is.
    pub owned: OwnedOrderView,
    /// Its events, oldest first.
    pub events: Vec<TimelineEvent>,
}

impl AdminOrderPage {
    fn picture(&self) -> Option<&PictureView> {
        self.owned.order.picture.as_ref()
    }
}

/// `/dashboard/auditor`: what is there for auditors.
#[derive(Debug, Template)]
#[template(path = "auditor.html")]
pub struct AuditorPage {
    /// The common part.
    pub layout: Layout,
}
