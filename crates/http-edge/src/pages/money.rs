//! A customer's money.

use askama::Template;
use jiff::Timestamp;

use super::{BalanceView, Layout};

/// `/dashboard/customer/money?cursor=`.
#[derive(Debug, Template)]
#[template(path = "money.html")]
pub struct MoneyPage {
    /// The common part.
    pub layout: Layout,
    /// Now.
    pub balance: BalanceView,
    /// Newest first.
    pub entries: Vec<EntryView>,
    /// For `?cursor=` of the next page; `None` on the last.
    pub next_cursor: Option<String>,
    /// Whether this is the first page, which is read again when the balance changes.
    pub first_page: bool,
}

/// Money that moved. Sums are in kopecks.
#[derive(Debug, Clone)]
pub struct EntryView {
    /// Counts from 1 without a gap.
    pub number: i64,
    /// What it was.
    pub kind: EntryKind,
    /// Added to what is available; negative when taken.
    pub available: i64,
    /// Added to what is held; negative when taken.
    pub held: i64,
    /// Available after it.
    pub available_after: i64,
    /// Held after it.
    pub held_after: i64,
    /// The order that it was for: id and title.
    pub order: Option<(String, String)>,
    /// Why an administrator added it.
    pub reason: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// What moved the money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    /// An administrator added it.
    Credit,
    /// Set aside for an order.
    Hold,
    /// Given back by an order.
    Release,
}

impl EntryKind {
    /// As the ledger names it: `credit`, `hold` or `release`.
    pub(crate) fn of(name: &str) -> Self {
        match name {
            "hold" => Self::Hold,
            "release" => Self::Release,
            _ => Self::Credit,
        }
    }

    fn text_key(self) -> &'static str {
        match self {
            Self::Credit => "money-credit",
            Self::Hold => "money-hold",
            Self::Release => "money-release",
        }
    }

    fn icon(self) -> &'static str {
        match self {
            Self::Credit => "plus",
            Self::Hold => "hourglass",
            Self::Release => "circle-check",
        }
    }
}

impl MoneyPage {
    /// A change with its sign; nothing when there is none.
    fn change(&self, kopecks: &i64) -> String {
        match *kopecks {
            0 => String::new(),
            1.. => format!("+{}", self.layout.money(kopecks)),
            _ => self.layout.money(kopecks),
        }
    }
}
