//! The decisions: pure, one file per wish.

mod cancel;
mod credit;
mod expiry;
mod money;
mod order;
mod request;

use events::{Event, LogEvent, Meta, Outgoing, Recorded, Service};
use jiff::Timestamp;

use crate::state::State;

pub use credit::MAX_BALANCE;
pub use expiry::cause as expiry_cause;
pub use order::DUPLICATE_WINDOW;
pub use request::{Request, Wish};

/// A decision, as it will be published and as it is applied.
#[derive(Debug, Clone)]
pub struct Fact {
    pub outgoing: Outgoing,
    pub event: LogEvent,
}

/// Decides one request and folds the decision into the state, for the next one to see. The same request,
/// decided again from the same state, gives the same facts with the same ids.
pub fn decide(request: &Request<'_>, state: &mut State) -> Vec<Fact> {
    let mut facts = Facts { cause: request.meta, time: state.now, list: Vec::with_capacity(2) };
    match &request.wish {
        Wish::Order { requested, content, hash } => {
            order::decide(requested, content, hash, state, &mut facts);
        }
        Wish::Cancel(requested) => cancel::decide(requested, state, &mut facts),
        Wish::Credit(requested) => credit::decide(requested, state, &mut facts),
        Wish::Expiry { order_id, .. } => expiry::decide(*order_id, state, &mut facts),
    }
    for fact in &facts.list {
        state.fold(fact);
    }
    facts.list
}

/// The facts of one request.
struct Facts<'a> {
    cause: &'a Meta,
    time: Timestamp,
    list: Vec<Fact>,
}

impl Facts<'_> {
    /// `version`: of the entity after the fact; `None` for a refusal, which leaves the entity as it was.
    fn tell<E: Event + Into<LogEvent>>(&mut self, version: Option<u64>, event: E) {
        // One request leads to at most one fact of each type, so the index is always 0.
        let outgoing = Outgoing::fact(Service::OrderWorker, self.cause, 0, version, self.time, &event);
        self.list.push(Fact { outgoing, event: event.into() });
    }
}

impl Fact {
    /// What `apply` is given.
    #[must_use]
    pub fn recorded(&self) -> Recorded {
        Recorded { position: None, meta: self.outgoing.meta.clone(), event: self.event.clone() }
    }
}
