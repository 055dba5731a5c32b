use events::{
    LogEvent, Meta, Recorded,
    accounts::{AccountEvent, CreditRequested},
    orders::{OrderCancelRequested, OrderContent, OrderEvent, OrderRequested, rules},
};
use uuid::Uuid;

/// Something to be decided.
#[derive(Debug, Clone)]
pub struct Request<'a> {
    /// The event that the facts follow from.
    pub meta: &'a Meta,
    pub wish: Wish<'a>,
}

#[derive(Debug, Clone)]
pub enum Wish<'a> {
    Order {
        requested: &'a OrderRequested,
        /// Normalised.
        content: Box<OrderContent>,
        /// Of the normalised content.
        hash: String,
    },
    Cancel(&'a OrderCancelRequested),
    Credit(&'a CreditRequested),
    /// Nobody's wish: the clock's.
    Expiry {
        order_id: Uuid,
        customer_id: Uuid,
    },
}

impl<'a> Request<'a> {
    /// `None` for an event that is not for this worker.
    #[must_use]
    pub fn read(recorded: &'a Recorded) -> Option<Self> {
        let wish = match &recorded.event {
            LogEvent::Order(OrderEvent::OrderRequested(requested)) => Wish::order(requested),
            LogEvent::Order(OrderEvent::OrderCancelRequested(requested)) => Wish::Cancel(requested),
            LogEvent::Account(AccountEvent::CreditRequested(requested)) => Wish::Credit(requested),
            LogEvent::Order(_)
            | LogEvent::Account(_)
            | LogEvent::Image(_)
            | LogEvent::Chat(_)
            | LogEvent::User(_)
            | LogEvent::Letter(_)
            | LogEvent::Desk(_) => return None,
        };
        Some(Self { meta: &recorded.meta, wish })
    }

    /// Whose account the request is about.
    #[must_use]
    pub const fn user(&self) -> Uuid {
        match &self.wish {
            Wish::Order { requested, .. } => requested.customer_id,
            Wish::Cancel(requested) => requested.customer_id,
            Wish::Credit(requested) => requested.user_id,
            Wish::Expiry { customer_id, .. } => *customer_id,
        }
    }

    /// The order that the request is about.
    #[must_use]
    pub const fn order(&self) -> Option<Uuid> {
        match &self.wish {
            Wish::Order { requested, .. } => Some(requested.order_id),
            Wish::Cancel(requested) => Some(requested.order_id),
            Wish::Expiry { order_id, .. } => Some(*order_id),
            Wish::Credit(_) => None,
        }
    }
}

impl<'a> Wish<'a> {
    #[must_use]
    pub fn order(requested: &'a OrderRequested) -> Self {
        let content = rules::normalise(requested.content.clone());
        let hash = content.hash();
        Self::Order { requested, content: Box::new(content), hash }
    }
}
