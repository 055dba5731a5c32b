use std::collections::BTreeMap;

use events::{Outgoing, Recorded, bus::consume::Delivery};
use jiff::Timestamp;
use store::{Conn, Decide, Handled};

use crate::{
    decide::{Fact, Request, decide},
    load::load,
};

/// Decides batches of wishes in the transaction that it is given.
#[derive(Debug, Clone, Copy)]
pub struct Worker {
    clock: fn() -> Timestamp,
}

impl Worker {
    /// `clock`: the present to the microsecond, which deadlines are compared with.
    #[must_use]
    pub const fn new(clock: fn() -> Timestamp) -> Self {
        Self { clock }
    }

    pub(crate) fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// Decides the requests in their order and writes what they lead to; the facts are still to be kept.
    pub(crate) async fn settle(
        &self,
        conn: &mut Conn,
        requests: &[Request<'_>],
    ) -> anyhow::Result<Vec<Outgoing>> {
        let mut state = load(conn, requests, self.clock).await?;
        let facts: Vec<Fact> = requests.iter().flat_map(|request| decide(request, &mut state)).collect();
        let recorded: Vec<Recorded> = facts.iter().map(Fact::recorded).collect();
        store::apply(conn, &recorded).await?;
        count(&facts);
        Ok(facts.into_iter().map(|fact| fact.outgoing).collect())
    }
}

impl Decide for Worker {
    async fn decide(&self, conn: &mut Conn, batch: &[&Delivery]) -> anyhow::Result<Handled> {
        let mut requests = Vec::with_capacity(batch.len());
        let mut rejected = Vec::new();
        for (index, delivery) in batch.iter().enumerate() {
            match Request::read(&delivery.recorded) {
                Some(request) => requests.push(request),
                None => {
                    let name = delivery.recorded.event.name();
                    rejected.push((index, format!("{name} is no wish for the order worker")));
                }
            }
        }
        let facts = self.settle(conn, &requests).await?;
        Ok(Handled { facts, rejected })
    }
}

fn count(facts: &[Fact]) {
    let mut names: BTreeMap<&'static str, u64> = BTreeMap::new();
    for fact in facts {
        *names.entry(fact.event.name()).or_default() += 1;
    }
    for (name, number) in names {
        metrics::counter!("vestnik_decided_total", "fact" => name).increment(number);
    }
}
