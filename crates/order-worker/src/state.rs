//! What decisions are made from: what the log has led to, as far as a batch of requests needs it.

use std::collections::{BTreeSet, HashMap, HashSet};

use events::{
    LogEvent,
    accounts::AccountEvent,
    orders::{OrderEvent, OrderStatus},
    users::Role,
};
use jiff::Timestamp;
use uuid::Uuid;

use crate::decide::Fact;

/// What the decisions of a batch see. Each decision is folded in before the next one is made.
#[derive(Debug, Clone, Default)]
pub struct State {
    /// When the batch is decided.
    pub now: Timestamp,
    /// Who has an account, and as what.
    pub roles: HashMap<Uuid, Role>,
    /// Whose account an administrator has shut.
    pub disabled: HashSet<Uuid>,
    /// By user; who is missing never had money.
    pub balances: HashMap<Uuid, Balance>,
    /// The facts of credits that are in the ledger already, by id.
    pub credited: HashSet<Uuid>,
    /// By id; those that have been decided.
    pub orders: HashMap<Uuid, Order>,
    /// By id.
    pub pictures: HashMap<Uuid, Picture>,
    /// When and as what a customer's content (by its hash) was accepted within the last minute, as far as
    /// those orders are open.
    pub recent: HashMap<(Uuid, String), BTreeSet<(Timestamp, Uuid)>>,
}

/// Kopecks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Balance {
    pub available: i64,
    pub held: i64,
    /// The number of ledger entries.
    pub version: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    pub customer_id: Uuid,
    /// Kopecks.
    pub amount: i64,
    pub deadline: Timestamp,
    pub status: OrderStatus,
    pub content_hash: String,
    pub version: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    pub owner_id: Uuid,
    pub failed: bool,
    /// The link that its QR code carries; `None` when it has no code.
    pub link: Option<String>,
}

impl State {
    #[must_use]
    pub fn balance(&self, user: Uuid) -> Balance {
        self.balances.get(&user).copied().unwrap_or_default()
    }

    /// The state after a fact; wishes and refusals change nothing.
    pub fn fold(&mut self, fact: &Fact) {
        let version = fact.outgoing.meta.version.unwrap_or_default();
        match &fact.event {
            LogEvent::Order(event) => self.fold_order(event, version),
            LogEvent::Account(event) => self.fold_account(fact.outgoing.meta.id, event, version),
            LogEvent::Image(_)
            | LogEvent::Chat(_)
            | LogEvent::User(_)
            | LogEvent::Letter(_)
            | LogEvent::Desk(_) => {}
        }
    }

    fn fold_order(&mut self, event: &OrderEvent, version: u64) {
        match event {
            OrderEvent::OrderAccepted(event) => {
                let content = (event.customer_id, event.content_hash.clone());
                self.recent.entry(content).or_default().insert((event.inputs.at, event.order_id));
                let order = Order {
                    customer_id: event.customer_id,
                    amount: event.content.amount,
                    deadline: event.content.deadline,
                    status: OrderStatus::Open,
                    content_hash: event.content_hash.clone(),
                    version,
                };
                self.orders.insert(event.order_id, order);
            }
            OrderEvent::OrderRejected(event) => {
                let order = Order {
                    customer_id: event.customer_id,
                    amount: event.content.amount,
                    deadline: event.content.deadline,
                    status: OrderStatus::Rejected,
                    content_hash: event.content_hash.clone(),
                    version,
                };
                self.orders.insert(event.order_id, order);
            }
            OrderEvent::OrderCancelled(event) => self.end(event.order_id, OrderStatus::Cancelled, version),
            OrderEvent::OrderExpired(event) => self.end(event.order_id, OrderStatus::Expired, version),
            OrderEvent::OrderRequested(_)
            | OrderEvent::OrderRequestRefused(_)
            | OrderEvent::OrderCancelRequested(_)
            | OrderEvent::OrderCancelRefused(_)
            | OrderEvent::OrderScanned(_) => {}
        }
    }

    fn end(&mut self, id: Uuid, status: OrderStatus, version: u64) {
        let Some(order) = self.orders.get_mut(&id) else { return };
        order.status = status;
        order.version = version;
        if let Some(recent) = self.recent.get_mut(&(order.customer_id, order.content_hash.clone())) {
            recent.retain(|(_, order)| *order != id);
        }
    }

    fn fold_account(&mut self, id: Uuid, event: &AccountEvent, version: u64) {
        if matches!(event, AccountEvent::AccountCredited(_)) {
            self.credited.insert(id);
        }
        let (user, available, held) = match event {
            AccountEvent::AccountCredited(event) => (event.user_id, event.available, event.held),
            AccountEvent::AccountHeld(event) => (event.user_id, event.available, event.held),
            AccountEvent::AccountReleased(event) => (event.user_id, event.available, event.held),
            AccountEvent::CreditRequested(_) | AccountEvent::CreditRefused(_) => return,
        };
        self.balances.insert(user, Balance { available, held, version });
    }
}
