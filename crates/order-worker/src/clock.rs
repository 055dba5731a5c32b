//! Ends open orders whose deadline has passed.

use std::time::Duration;

use diesel_async::AsyncConnection as _;
use events::Meta;
use process::Shutdown;
use store::{Relay, orders::state, outbox};
use tokio::time::MissedTickBehavior;

use crate::{
    Worker,
    decide::{Request, Wish, expiry_cause},
};

const PERIOD: Duration = Duration::from_secs(1);
/// Orders ended in one transaction.
const BATCH: i64 = 256;

/// Looks every second until shutdown. Several instances may do so at once.
pub(crate) async fn run(worker: Worker, relay: &Relay, shutdown: Shutdown) {
    let mut tick = tokio::time::interval(PERIOD);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            biased;
            () = shutdown.cancelled() => return,
            _ = tick.tick() => {}
        }
        // A transaction that has begun is finished: shutdown waits for it.
        if let Err(error) = expire_due(worker, relay).await {
            tracing::warn!(error = format!("{error:#}"), "orders could not be expired; trying again");
        }
    }
}

/// Expires what is due now and returns how many orders that were; some may be left to another instance.
///
/// # Errors
/// When the database or the broker is away. What was committed is published by the relay later.
pub async fn expire_due(worker: Worker, relay: &Relay) -> anyhow::Result<usize> {
    let mut expired = 0;
    loop {
        let (seen, ended) = expire_some(worker, relay).await?;
        expired += ended;
        if seen < usize::try_from(BATCH)? || ended == 0 {
            return Ok(expired);
        }
    }
}

/// How many due orders were seen, and how many of them ended.
async fn expire_some(worker: Worker, relay: &Relay) -> anyhow::Result<(usize, usize)> {
    let mut conn = relay.store().conn().await?;
    let (seen, kept) = conn
        .transaction(async |conn| {
            let now = worker.now();
            let due = state::due(conn, now, BATCH).await?;
            let causes: Vec<Meta> = due.iter().map(|due| expiry_cause(due.order_id, now)).collect();
            let requests: Vec<Request<'_>> = due
                .iter()
                .zip(&causes)
                .map(|(due, meta)| {
                    let wish = Wish::Expiry { order_id: due.order_id, customer_id: due.customer_id };
                    Request { meta, wish }
                })
                .collect();
            if requests.is_empty() {
                return anyhow::Ok((0, None));
            }
            let facts = worker.settle(conn, &requests).await?;
            if facts.is_empty() {
                return Ok((due.len(), None));
            }
            let row = outbox::keep(conn, relay.bus().service(), &facts).await?;
            Ok((due.len(), Some((row, facts))))
        })
        .await?;
    drop(conn);
    let Some((row, facts)) = kept else { return Ok((seen, 0)) };
    relay.publish(row, &facts).await?;
    // Each order ends with two facts: its own, and that of its money.
    let ended = facts.len() / 2;
    tracing::info!(orders = ended, "expired");
    Ok((seen, ended))
}
