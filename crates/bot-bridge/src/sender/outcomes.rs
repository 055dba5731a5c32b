use std::time::Duration;

use events::{
    Event, Outgoing, Service,
    bus::retry::Backoff,
    chats::{BotBlocked, ReplyFailed, ReplySent, ReplyUnknown},
};
use jiff::Timestamp;
use process::Shutdown;
use store::{
    Relay,
    calls::{self, Back, Call, Ended, Outcome},
};
use tokio::{
    sync::mpsc::{UnboundedReceiver, UnboundedSender},
    time::timeout,
};
use uuid::Uuid;

use super::{Finished, verdict::Verdict};

/// The record of what calls have come to: as many in a transaction as there are.
pub(super) struct Outcomes {
    relay: Relay,
}

const BATCH: usize = 256;
const RETRY: Backoff = Backoff { first: Duration::from_millis(100), most: Duration::from_secs(2) };

const PUBLISH: Duration = Duration::from_secs(2);

/// Tries, [`RETRY`]`.first` apart, that must have been made before a bridge that is stopping gives up.
const LAST_TRIES: u32 = 15;

impl Outcomes {
    pub(super) const fn new(relay: Relay) -> Self {
        Self { relay }
    }

    /// Records until nobody reports any more. Each batch is told on once it is committed.
    pub(super) async fn record(
        &self,
        mut finished: UnboundedReceiver<Finished>,
        settled: UnboundedSender<Vec<Finished>>,
        shutdown: &Shutdown,
    ) {
        let mut batch = Vec::with_capacity(BATCH);
        while finished.recv_many(&mut batch, BATCH).await > 0 {
            let facts = facts(&batch, events::now());
            let Some(row) = self.insist(&batch, &facts, shutdown).await else {
                // The rows stay in `sending`, which the next start takes for unknown.
                tracing::error!(outcomes = batch.len(), "outcomes could not be recorded");
                batch.clear();
                continue;
            };
            count(&batch);
            // Whoever sends does not listen any more when the bridge stops.
            drop(settled.send(std::mem::take(&mut batch)));
            if let Some((row, facts)) = row {
                self.publish(row, &facts).await;
            }
        }
    }

    /// While the broker is away the next outcomes are recorded all the same: the relay publishes later.
    async fn publish(&self, row: i64, facts: &[Outgoing]) {
        match timeout(PUBLISH, self.relay.publish(row, facts)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => {
                tracing::warn!(error = format!("{error:#}"), "outcomes not published yet");
            }
            Err(_) => tracing::warn!(facts = facts.len(), "outcomes not published yet"),
        }
    }

    /// Commits, however long the database is away. `None` when the process stops before it is back.
    async fn insist(
        &self,
        batch: &[Finished],
        facts: &[(Uuid, Outgoing)],
        shutdown: &Shutdown,
    ) -> Option<Option<(i64, Vec<Outgoing>)>> {
        let mut failures = 0;
        loop {
            let error = match self.commit(batch, facts).await {
                Ok(row) => return Some(row),
                Err(error) => error,
            };
            failures += 1;
            tracing::warn!(error = format!("{error:#}"), "outcomes not recorded; trying again");
            if shutdown.is_cancelled() && failures >= LAST_TRIES {
                return None;
            }
            tokio::time::sleep(if shutdown.is_cancelled() { RETRY.first } else { RETRY.delay(failures) })
                .await;
        }
    }

    async fn commit(
        &self,
        batch: &[Finished],
        facts: &[(Uuid, Outgoing)],
    ) -> anyhow::Result<Option<(i64, Vec<Outgoing>)>> {
        let (back, ended) = sorted(batch, events::now());
        let mut conn = self.relay.store().conn().await?;
        calls::conclude(&mut conn, &back, &ended, facts).await
    }
}

/// What goes back into the queue, and what has ended.
fn sorted(batch: &[Finished], now: Timestamp) -> (Vec<Back>, Vec<Ended>) {
    let mut back = Vec::new();
    let mut ended = Vec::new();
    for Finished { call, verdict } in batch {
        let (id, attempt) = (call.id, call.attempt);
        let (outcome, telegram_message_ids) = match verdict {
            Verdict::Sent { telegram_message_id } => (Outcome::Sent, vec![*telegram_message_id]),
            Verdict::Failed { .. } => (Outcome::Failed, Vec::new()),
            Verdict::Unknown { .. } => (Outcome::Unknown, Vec::new()),
            Verdict::Busy { retry_after } => {
                back.push(Back { id, attempt, not_before: now.checked_add(*retry_after).ok() });
                continue;
            }
            Verdict::NotSent { .. } => {
                back.push(Back { id, attempt, not_before: None });
                continue;
            }
        };
        ended.push(Ended { id, attempt, outcome, telegram_message_ids });
    }
    (back, ended)
}

/// What the log is told, each with the call that it is about.
fn facts(batch: &[Finished], time: Timestamp) -> Vec<(Uuid, Outgoing)> {
    let mut facts = Vec::with_capacity(batch.len());
    for Finished { call, verdict } in batch {
        let Call { user_id, message_id, attempt, part, .. } = *call;
        let fact = |fact| (call.id, fact);
        match verdict {
            Verdict::Sent { telegram_message_id } => {
                let telegram_message_id = *telegram_message_id;
                let sent = ReplySent {
                    user_id,
                    message_id,
                    telegram_message_id,
                    sent_at: time,
                    attempt,
                    part,
                    telegram_message_ids: Vec::new(),
                    plain: false,
                };
                facts.push(fact(of(call, time, &sent)));
            }
            Verdict::Failed { code, reason, blocked } => {
                let (code, reason) = ((*code).to_owned(), reason.clone());
                let failed = ReplyFailed { user_id, message_id, code, reason, attempt, part };
                facts.push(fact(of(call, time, &failed)));
                if *blocked {
                    let blocked = BotBlocked { user_id, bot_id: Some(call.bot_id) };
                    facts.push(fact(of(call, time, &blocked)));
                }
            }
            Verdict::Unknown { reason } => {
                tracing::warn!(%message_id, part, attempt, reason, "whether the reply was sent is unknown");
                let unknown = ReplyUnknown { user_id, message_id, code: "timed_out".into(), attempt, part };
                facts.push(fact(of(call, time, &unknown)));
            }
            Verdict::Busy { .. } | Verdict::NotSent { .. } => {}
        }
    }
    facts
}

/// A fact that follows from the call. Its number tells the parts of one wish apart.
fn of<E: Event>(call: &Call, time: Timestamp, event: &E) -> Outgoing {
    Outgoing::fact(Service::BotBridge, &call.cause, call.part as usize, None, time, event)
}

fn count(batch: &[Finished]) {
    for Finished { call, verdict } in batch {
        let outcome = match verdict {
            Verdict::Sent { .. } => "sent",
            Verdict::Failed { .. } => "failed",
            Verdict::Unknown { .. } => "unknown",
            Verdict::Busy { .. } => "busy",
            Verdict::NotSent { .. } => "not_sent",
        };
        metrics::counter!("vestnik_telegram_sends_total", "outcome" => outcome).increment(1);
        if let Verdict::Sent { .. } = verdict {
            let waited = events::now().duration_since(call.cause.time);
            metrics::histogram!("vestnik_reply_seconds").record(waited.as_secs_f64().max(0.0));
        }
    }
}
