//! What the log has led to, kept from the facts alone and by other means than `State` does.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use events::{
    Event as _, LogEvent, Meta, Outgoing, Service,
    accounts::{AccountCredited, AccountEvent, CreditRequested},
    orders::{OrderCancelRequested, OrderContent, OrderEvent, OrderRequested, OrderStatus},
    users::Role,
};
use jiff::{Timestamp, ToSpan as _};
use order_worker::{
    decide::{Fact, Request, Wish, decide},
    state::{Balance, Order, Picture, State},
};
use uuid::Uuid;

pub(crate) fn now() -> Timestamp {
    "2026-11-21T12:00:00Z".parse().unwrap()
}

pub(crate) fn content(amount: i64) -> OrderContent {
    let deadline = now() + 1.hour();
    OrderContent {
        amount,
        image_id: None,
        source_image_id: None,
        track_link: false,
        deadline,
        ..OrderContent::sample()
    }
}

/// A wish as the log holds it.
#[derive(Debug, Clone)]
pub(crate) enum Wished {
    Order(Box<OrderRequested>),
    Cancel(OrderCancelRequested),
    Credit(CreditRequested),
    Expiry { order_id: Uuid, customer_id: Uuid },
}

#[derive(Debug, Clone)]
pub(crate) struct Step {
    pub meta: Meta,
    pub wished: Wished,
}

impl Step {
    pub(crate) fn new(wished: Wished) -> Self {
        let meta = match &wished {
            Wished::Order(event) => Outgoing::request(Service::HttpEdge, "test", *event.clone()).meta,
            Wished::Cancel(event) => Outgoing::request(Service::HttpEdge, "test", event.clone()).meta,
            Wished::Credit(event) => Outgoing::request(Service::Vestnik, "test", event.clone()).meta,
            Wished::Expiry { order_id, .. } => order_worker::decide::expiry_cause(*order_id, now()),
        };
        Self { meta, wished }
    }

    pub(crate) fn request(&self) -> Request<'_> {
        let wish = match &self.wished {
            Wished::Order(event) => Wish::order(event),
            Wished::Cancel(event) => Wish::Cancel(event),
            Wished::Credit(event) => Wish::Credit(event),
            Wished::Expiry { order_id, customer_id } => {
                Wish::Expiry { order_id: *order_id, customer_id: *customer_id }
            }
        };
        Request { meta: &self.meta, wish }
    }
}

/// One transfer: how much the available and the held balance change.
#[derive(Debug, Clone)]
pub(crate) struct Transfer {
    pub available: i64,
    pub held: i64,
    pub order: Option<Uuid>,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct World {
    pub roles: HashMap<Uuid, Role>,
    pub disabled: HashSet<Uuid>,
    pub pictures: HashMap<Uuid, Picture>,
    pub orders: BTreeMap<Uuid, Order>,
    /// By user, in the order of their versions.
    pub ledger: BTreeMap<Uuid, Vec<Transfer>>,
    /// What the last fact about a user's money said.
    pub told: BTreeMap<Uuid, Balance>,
    pub facts: Vec<Fact>,
}

impl World {
    /// The state as it would be read for a batch.
    pub(crate) fn state(&self, at: Timestamp) -> State {
        let mut recent: HashMap<_, BTreeSet<_>> = HashMap::new();
        for (id, order) in self.orders.iter().filter(|(_, order)| order.status == OrderStatus::Open) {
            let content = (order.customer_id, order.content_hash.clone());
            recent.entry(content).or_default().insert((now(), *id));
        }
        State {
            now: at,
            roles: self.roles.clone(),
            disabled: self.disabled.clone(),
            balances: self.ledger.keys().map(|user| (*user, self.sum(*user))).collect(),
            credited: self.credited(),
            orders: self.orders.clone().into_iter().collect(),
            pictures: self.pictures.clone(),
            recent,
        }
    }

    /// The credits that were entered.
    pub(crate) fn credited(&self) -> HashSet<Uuid> {
        let credits = self.facts.iter().filter(|fact| fact.event.name() == AccountCredited::NAME);
        credits.map(|fact| fact.outgoing.meta.id).collect()
    }

    /// What the ledger adds up to.
    pub(crate) fn sum(&self, user: Uuid) -> Balance {
        let entries = self.ledger.get(&user).map(Vec::as_slice).unwrap_or_default();
        Balance {
            available: entries.iter().map(|entry| entry.available).sum(),
            held: entries.iter().map(|entry| entry.held).sum(),
            version: entries.len() as u64,
        }
    }

    /// Decides the steps as one batch, checking that no balance is ever below zero.
    pub(crate) fn batch(&mut self, steps: &[Step]) -> Vec<Fact> {
        let mut state = self.state(now());
        let mut facts = Vec::new();
        for step in steps {
            for fact in decide(&step.request(), &mut state) {
                self.fold(&fact);
                facts.push(fact);
            }
        }
        facts
    }

    fn fold(&mut self, fact: &Fact) {
        self.facts.push(fact.clone());
        let version = fact.outgoing.meta.version;
        match &fact.event {
            LogEvent::Order(event) => self.fold_order(event, version),
            LogEvent::Account(event) => self.fold_account(event, version),
            other => panic!("the order worker may not tell {}", other.name()),
        }
    }

    fn fold_order(&mut self, event: &OrderEvent, version: Option<u64>) {
        match event {
            OrderEvent::OrderAccepted(event) => {
                let known = self.orders.insert(
                    event.order_id,
                    Order {
                        customer_id: event.customer_id,
                        amount: event.content.amount,
                        deadline: event.content.deadline,
                        status: OrderStatus::Open,
                        content_hash: event.content_hash.clone(),
                        version: version.unwrap(),
                    },
                );
                assert_eq!(known, None, "an order is decided once");
            }
            OrderEvent::OrderRejected(event) => {
                let known = self.orders.insert(
                    event.order_id,
                    Order {
                        customer_id: event.customer_id,
                        amount: event.content.amount,
                        deadline: event.content.deadline,
                        status: OrderStatus::Rejected,
                        content_hash: event.content_hash.clone(),
                        version: version.unwrap(),
                    },
                );
                assert_eq!(known, None, "an order is decided once");
            }
            OrderEvent::OrderCancelled(event) => self.end(event.order_id, OrderStatus::Cancelled, version),
            OrderEvent::OrderExpired(event) => self.end(event.order_id, OrderStatus::Expired, version),
            OrderEvent::OrderRequestRefused(_) | OrderEvent::OrderCancelRefused(_) => {
                assert_eq!(version, None, "a refusal leaves the order as it was");
            }
            other => panic!("a wish is no fact: {other:?}"),
        }
    }

    fn end(&mut self, id: Uuid, status: OrderStatus, version: Option<u64>) {
        let order = self.orders.get_mut(&id).expect("an order ends after it began");
        assert_eq!(order.status, OrderStatus::Open, "an order ends once");
        order.version += 1;
        assert_eq!(version, Some(order.version));
        order.status = status;
    }

    fn fold_account(&mut self, event: &AccountEvent, version: Option<u64>) {
        let (user, told, transfer) = match event {
            AccountEvent::AccountCredited(event) => {
                (event.user_id, (event.available, event.held), (event.amount, 0, None))
            }
            AccountEvent::AccountHeld(event) => {
                let order = Some(event.order_id);
                (event.user_id, (event.available, event.held), (-event.amount, event.amount, order))
            }
            AccountEvent::AccountReleased(event) => {
                let order = Some(event.order_id);
                (event.user_id, (event.available, event.held), (event.amount, -event.amount, order))
            }
            AccountEvent::CreditRefused(_) => return assert_eq!(version, None),
            other => panic!("a wish is no fact: {other:?}"),
        };
        let (available, held, order) = transfer;
        self.ledger.entry(user).or_default().push(Transfer { available, held, order });
        let sum = self.sum(user);
        assert!(sum.available >= 0 && sum.held >= 0, "never below zero: {sum:?}");
        assert_eq!((sum.available, sum.held), told, "a fact tells what the ledger adds up to");
        assert_eq!(version, Some(sum.version), "versions have no gap");
        self.told.insert(user, sum);
    }
}
