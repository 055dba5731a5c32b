use std::{collections::HashSet, time::Duration};

use events::{Outgoing, Service, bus::retry::Backoff, chats::ReplyUnknown, subjects};
use process::Shutdown;
use store::{
    Relay,
    calls::{self, Call},
};
use tokio::{
    sync::mpsc::UnboundedReceiver,
    time::{Instant, sleep},
};
use uuid::Uuid;

/// The record of attempts, as far as it is made before the calls.
pub(super) struct Attempts {
    relay: Relay,
    bot_id: i64,
    /// Attempts whose recording failed in a way that may have been committed: they were not sent.
    unsure: Vec<(Uuid, u32)>,
    failures: u32,
}

const RETRY: Backoff = Backoff { first: Duration::from_millis(100), most: Duration::from_secs(5) };

/// Rows read at a time.
const PAGE: i64 = 5_000;

impl Attempts {
    pub(super) const fn new(relay: Relay, bot_id: i64) -> Self {
        Self { relay, bot_id, unsure: Vec::new(), failures: 0 }
    }

    pub(super) const fn relay(&self) -> &Relay {
        &self.relay
    }

    /// Gives up what was being sent when its bridge ended, and returns everything that waits. Tries until
    /// it works; `None` when `active` ended first.
    pub(super) async fn take_over(&mut self, active: &Shutdown) -> Option<Vec<Call>> {
        loop {
            let error = tokio::select! {
                biased;
                () = active.cancelled() => return None,
                done = self.try_take_over() => match done {
                    Ok(queued) => return Some(queued),
                    Err(error) => error,
                },
            };
            self.failures += 1;
            let delay = self.delay();
            tracing::warn!(error = format!("{error:#}"), ?delay, "cannot take over yet");
            sleep(delay).await;
        }
    }

    /// Waits for the wishes that a predecessor had in hand when it died: they come again, but later than
    /// newer ones, which must not be sent before them. Returns what has arrived meanwhile.
    pub(super) async fn in_hand(
        &self,
        arrivals: &mut UnboundedReceiver<Vec<Call>>,
        active: &Shutdown,
    ) -> Vec<Call> {
        let consumer = subjects::BOT_BRIDGE;
        let deadline = Instant::now() + consumer.ack_wait * 2;
        let mut arrived = Vec::new();
        let mut target = None;
        while Instant::now() < deadline && !active.is_cancelled() {
            if let Ok(info) = self.relay.bus().consumer_info(consumer.name).await {
                let target = *target.get_or_insert(info.delivered.stream_sequence);
                if info.num_ack_pending == 0 || info.ack_floor.stream_sequence >= target {
                    break;
                }
            }
            sleep(Duration::from_millis(20)).await;
        }
        while let Ok(queued) = arrivals.try_recv() {
            arrived.extend(queued);
        }
        arrived
    }

    async fn try_take_over(&mut self) -> anyhow::Result<Vec<Call>> {
        let mut conn = self.relay.store().conn().await?;
        let given_up = calls::give_up(&mut conn, self.bot_id, given_up).await?;
        if let Some((row, facts)) = given_up {
            tracing::warn!(
                replies = facts.len(),
                "replies were interrupted; whether they were sent is unknown"
            );
            self.relay.publish(row, &facts).await?;
        }
        let mut queued: Vec<Call> = Vec::new();
        loop {
            let after = queued.last().map_or((0, 0), |last| (last.position, last.part));
            let page = calls::queued(&mut conn, self.bot_id, after, PAGE).await?;
            if page.is_empty() {
                self.failures = 0;
                return Ok(queued);
            }
            queued.extend(page);
        }
    }

    /// Records that these are about to be sent, and returns those that may be.
    pub(super) async fn begin(&mut self, batch: &[Call]) -> anyhow::Result<HashSet<Uuid>> {
        let attempts: Vec<(Uuid, u32)> = batch.iter().map(|call| (call.id, call.attempt)).collect();
        let begun = self.try_begin(&attempts).await;
        match &begun {
            Ok(_) => {
                self.unsure.clear();
                self.failures = 0;
            }
            Err(_) => {
                self.unsure.extend(attempts);
                self.failures += 1;
            }
        }
        begun
    }

    async fn try_begin(&self, attempts: &[(Uuid, u32)]) -> anyhow::Result<HashSet<Uuid>> {
        let mut conn = self.relay.store().conn().await?;
        calls::begin(&mut conn, attempts, &self.unsure).await
    }

    /// What waits in the database, whether or not anybody has told of it.
    pub(super) async fn queued(&self) -> Vec<Call> {
        let read = async {
            let mut conn = self.relay.store().conn().await?;
            calls::queued(&mut conn, self.bot_id, (0, 0), PAGE).await
        };
        read.await.unwrap_or_else(|error: anyhow::Error| {
            tracing::warn!(error = format!("{error:#}"), "cannot look for forgotten replies");
            Vec::new()
        })
    }

    pub(super) fn delay(&self) -> Duration {
        RETRY.delay(self.failures)
    }
}

fn given_up(call: &Call) -> Outgoing {
    let unknown = ReplyUnknown {
        user_id: call.user_id,
        message_id: call.message_id,
        code: "interrupted".into(),
        attempt: call.attempt,
        part: call.part,
    };
    Outgoing::fact(Service::BotBridge, &call.cause, call.part as usize, None, events::now(), &unknown)
}
