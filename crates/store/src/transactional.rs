use diesel_async::AsyncConnection as _;
use events::{
    Outgoing,
    bus::consume::{Delivery, HandleError, Handler, Verdict},
};
use futures::try_join;
use uuid::Uuid;

use crate::{
    Conn, Relay, health, inbox,
    outbox::{self, Published},
};

/// What a batch has led to.
#[derive(Debug, Default)]
pub struct Handled {
    /// The facts, in order; `apply` has been called with them.
    pub facts: Vec<Outgoing>,
    /// Messages that can never be handled, by their index in the slice, with the reason.
    pub rejected: Vec<(usize, String)>,
}

/// What a worker does with a batch, inside the transaction.
pub trait Decide: Send + Sync {
    /// The slice holds only what the inbox had not seen, in the order of the log. Everything written
    /// through `conn` is committed with the inbox and the outbox, or not at all.
    fn decide(
        &self,
        conn: &mut Conn,
        batch: &[&Delivery],
    ) -> impl Future<Output = anyhow::Result<Handled>> + Send;
}

/// A handler that does everything of a batch in one transaction, then publishes.
#[derive(Debug)]
pub struct Transactional<D> {
    consumer: &'static str,
    relay: Relay,
    decide: D,
}

impl<D: Decide> Transactional<D> {
    pub const fn new(consumer: &'static str, relay: Relay, decide: D) -> Self {
        Self { consumer, relay, decide }
    }

    async fn in_transaction(
        &self,
        conn: &mut Conn,
        batch: &[Delivery],
        published: &[Published],
    ) -> anyhow::Result<(Vec<Verdict>, Option<(i64, Vec<Outgoing>)>)> {
        let ids: Vec<Uuid> = batch.iter().map(|delivery| delivery.recorded.meta.id).collect();
        let mut fresh = inbox::take(conn, self.consumer, &ids).await?;
        // `remove` and not `contains`: an id that is twice in the batch is handled once.
        let unseen: Vec<usize> =
            (0..batch.len()).filter(|&index| fresh.remove(&batch[index].recorded.meta.id)).collect();
        let deliveries: Vec<&Delivery> = unseen.iter().map(|&index| &batch[index]).collect();
        let came_before = deliveries.iter().filter(|delivery| delivery.came_before());
        let came_before: Vec<Uuid> = came_before.map(|delivery| delivery.recorded.meta.id).collect();
        if !came_before.is_empty() {
            inbox::keep(conn, self.consumer, &came_before).await?;
        }
        let mut verdicts = vec![Verdict::Done; batch.len()];
        let mut facts = Vec::new();
        if !deliveries.is_empty() {
            let handled = self.decide.decide(conn, &deliveries).await?;
            let mut rejected = Vec::with_capacity(handled.rejected.len());
            for (index, reason) in handled.rejected {
                rejected.push(ids[unseen[index]]);
                verdicts[unseen[index]] = Verdict::Reject(reason);
            }
            if !rejected.is_empty() {
                inbox::put_back(conn, self.consumer, &rejected).await?;
            }
            facts = handled.facts;
        }
        if facts.is_empty() {
            outbox::mark(conn, published).await?;
            return Ok((verdicts, None));
        }
        let service = self.relay.bus().service();
        let ((), row) = try_join!(
            async { Ok(outbox::mark(conn, published).await?) },
            outbox::keep(conn, service, &facts)
        )?;
        Ok((verdicts, Some((row, facts))))
    }
}

impl<D: Decide> Handler for Transactional<D> {
    async fn handle(&self, batch: &[Delivery]) -> Result<Vec<Verdict>, HandleError> {
        let mut conn =
            self.relay.store().conn().await.map_err(|error| HandleError::Unavailable(error.into()))?;
        let published = self.relay.take_unmarked().await;
        let result = conn.transaction(async |conn| self.in_transaction(conn, batch, &published).await).await;
        drop(conn);
        let (verdicts, committed) = match result {
            Ok(result) => result,
            Err(error) => {
                self.relay.put_back(published).await;
                return Err(classify(error));
            }
        };
        if let Some((row, facts)) = committed {
            // From here on the facts are true whatever happens, and the messages may be acknowledged: the
            // outbox has what this does not publish. The next batch need not wait for it.
            self.relay.publish_behind(row, facts).await;
        }
        Ok(verdicts)
    }
}

fn classify(error: anyhow::Error) -> HandleError {
    if health::is_transient(&error) {
        HandleError::Unavailable(error.into())
    } else {
        HandleError::Failed(error.into())
    }
}
