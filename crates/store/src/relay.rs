use std::{sync::Arc, time::Duration};

use diesel_async::AsyncConnection as _;
use events::{Bus, Outgoing};
use tokio::{
    sync::Mutex,
    task::JoinHandle,
    time::{MissedTickBehavior, timeout},
};
use tokio_util::sync::CancellationToken;

use crate::{Conn, Store, inbox, outbox};

/// Publishes what a transaction has left in the outbox: at once after its commit, and again later when
/// the process that committed has died in between. Repeating is harmless: the broker knows the ids.
#[derive(Debug, Clone)]
pub struct Relay {
    store: Store,
    bus: Bus,
    /// Published, to be marked in the tail of the next transaction.
    unmarked: Arc<Mutex<Vec<outbox::Published>>>,
    /// Under way behind the transaction that follows.
    behind: Arc<Mutex<Option<JoinHandle<()>>>>,
}

const PERIOD: Duration = Duration::from_secs(1);
const SWEEP: Duration = Duration::from_secs(60);
const ROWS: i64 = 64;
/// What is under way at shutdown may still take this long, and as long again what is left to mark.
const LAST: Duration = Duration::from_secs(2);

impl Relay {
    #[must_use]
    pub fn new(store: Store, bus: Bus) -> Self {
        Self { store, bus, unmarked: Arc::default(), behind: Arc::default() }
    }

    #[must_use]
    pub const fn store(&self) -> &Store {
        &self.store
    }

    #[must_use]
    pub const fn bus(&self) -> &Bus {
        &self.bus
    }

    /// Publishes the events of an outbox row that has been committed.
    pub async fn publish(&self, row: i64, events: &[Outgoing]) -> anyhow::Result<()> {
        let acknowledged = self.bus.publish_all(events).await?;
        let sequence = acknowledged.iter().map(|ack| ack.sequence).max().unwrap_or_default();
        self.unmarked.lock().await.push(outbox::Published { id: row, sequence });
        Ok(())
    }

    /// Publishes the events of a committed row while the caller goes on with its next transaction; rows are
    /// published in the order in which they are given here, and no more than one waits.
    pub(crate) async fn publish_behind(&self, row: i64, events: Vec<Outgoing>) {
        let mut behind = self.behind.lock().await;
        wait_for(behind.take()).await;
        let relay = self.clone();
        *behind = Some(tokio::spawn(async move {
            if let Err(error) = relay.publish(row, &events).await {
                tracing::warn!(error = format!("{error:#}"), "facts not published yet; the outbox has them");
            }
        }));
    }

    /// What has been published and is to be marked in the caller's transaction; [`Self::put_back`] it when
    /// that fails.
    pub(crate) async fn take_unmarked(&self) -> Vec<outbox::Published> {
        std::mem::take(&mut *self.unmarked.lock().await)
    }

    pub(crate) async fn put_back(&self, published: Vec<outbox::Published>) {
        self.unmarked.lock().await.extend(published);
    }

    async fn mark(&self, conn: &mut Conn) -> diesel::QueryResult<()> {
        let published = self.take_unmarked().await;
        let marked = outbox::mark(conn, &published).await;
        if marked.is_err() {
            self.put_back(published).await;
        }
        marked
    }

    /// Works until shutdown: marks, publishes what was left behind, sweeps.
    pub async fn run(&self, shutdown: CancellationToken) {
        let mut tick = tokio::time::interval(PERIOD);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut sweep = tokio::time::interval(SWEEP);
        sweep.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            // Only the waiting ends at once: marks that are being written would be lost with the work.
            let sweeping = tokio::select! {
                biased;
                () = shutdown.cancelled() => break,
                _ = sweep.tick() => true,
                _ = tick.tick() => false,
            };
            let work = async { if sweeping { self.sweep().await } else { self.catch_up().await } };
            let result = tokio::select! {
                result = work => result,
                () = overdue(&shutdown) => break,
            };
            if let Err(error) = result {
                tracing::warn!(service = %self.bus.service(), error = format!("{error:#}"), "outbox relay");
            }
        }
        if timeout(LAST, self.finish()).await.is_err() {
            tracing::warn!(service = %self.bus.service(), "not all is published; the next start does it");
        }
    }

    async fn finish(&self) {
        wait_for(self.behind.lock().await.take()).await;
        // So that the next start does not publish it all again.
        if let Ok(mut conn) = self.store.conn().await
            && let Err(error) = self.mark(&mut conn).await
        {
            tracing::debug!(%error, "outbox not marked at the end");
        }
    }

    /// Publishes what nobody has marked, and what the log has lost; returns when nothing is left.
    pub async fn catch_up(&self) -> anyhow::Result<()> {
        let mut conn = self.store.conn().await?;
        self.mark(&mut conn).await?;
        self.find_lost(&mut conn).await?;
        loop {
            let done = conn.transaction(async |conn| self.publish_waiting(conn).await).await?;
            if done < usize::try_from(ROWS)? {
                return Ok(());
            }
        }
    }

    /// A log that ends before what it once acknowledged has lost its tail (power failure before it had
    /// synced), and with it perhaps more than is seen, since it grows again. So everything that the
    /// outbox still has is published again; what the log still has is at the worst in it twice.
    async fn find_lost(&self, conn: &mut Conn) -> anyhow::Result<()> {
        // In this order: what is marked in between has a sequence that the log had by then.
        let highest = outbox::highest_sequence(conn, self.bus.service()).await?;
        if highest == 0 || highest <= self.bus.last_sequence().await? {
            return Ok(());
        }
        let rows = outbox::unmark(conn, self.bus.service()).await?;
        tracing::error!(service = %self.bus.service(), rows, "the log has lost its tail; publishing it again");
        Ok(())
    }

    async fn publish_waiting(&self, conn: &mut Conn) -> anyhow::Result<usize> {
        let rows = outbox::waiting(conn, self.bus.service(), ROWS).await?;
        let mut published = Vec::with_capacity(rows.len());
        for row in &rows {
            match self.publish_row(row).await {
                Ok(row) => published.push(row),
                // The marks of the others must not be lost with this one: they would be published for ever.
                Err(error) => tracing::error!(
                    service = %self.bus.service(), row = row.id, error = format!("{error:#}"),
                    "an outbox row cannot be published"
                ),
            }
        }
        outbox::mark(conn, &published).await?;
        if !published.is_empty() {
            tracing::info!(service = %self.bus.service(), rows = published.len(), "published what was left behind");
        }
        Ok(published.len())
    }

    async fn publish_row(&self, row: &outbox::Waiting) -> anyhow::Result<outbox::Published> {
        let events: Vec<Outgoing> = serde_json::from_str(&row.events)?;
        let acknowledged = self.bus.publish_all(&events).await?;
        let sequence = acknowledged.iter().map(|ack| ack.sequence).max().unwrap_or_default();
        Ok(outbox::Published { id: row.id, sequence })
    }

    async fn sweep(&self) -> anyhow::Result<()> {
        let mut conn = self.store.conn().await?;
        self.find_lost(&mut conn).await?;
        outbox::sweep(&mut conn).await?;
        inbox::sweep(&mut conn).await?;
        Ok(())
    }
}

async fn wait_for(task: Option<JoinHandle<()>>) {
    if let Some(task) = task
        && let Err(error) = task.await
    {
        tracing::error!(%error, "publishing broke off; the outbox has the rest");
    }
}

/// Resolves when shutdown has begun and its patience is over.
async fn overdue(shutdown: &CancellationToken) {
    shutdown.cancelled().await;
    tokio::time::sleep(LAST).await;
}
