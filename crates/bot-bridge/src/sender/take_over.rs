use std::time::Duration;

use events::{bus::retry::Backoff, subjects};
use jiff::Timestamp;
use process::Shutdown;
use store::{
    Relay,
    calls::{self, Call},
};
use tokio::{
    sync::mpsc::UnboundedReceiver,
    time::{Instant, sleep},
};

use crate::outbox::given_up;

const RETRY: Backoff = Backoff { first: Duration::from_millis(100), most: Duration::from_secs(5) };

/// Rows read at a time.
pub(super) const PAGE: i64 = 5_000;

/// What a predecessor has left behind.
pub(super) struct Left {
    /// Everything that waits.
    pub(super) queued: Vec<Call>,
    /// Telegram wanted nothing of the bot before this.
    pub(super) paused: Option<Timestamp>,
}

/// Gives up what was being sent when its bridge ended, and returns what is left. Tries until it works; `None`
/// when `active` ended first.
pub(super) async fn take_over(relay: &Relay, bot_id: i64, active: &Shutdown) -> Option<Left> {
    let mut failures = 0;
    loop {
        let error = tokio::select! {
            biased;
            () = active.cancelled() => return None,
            done = try_take_over(relay, bot_id) => match done {
                Ok(left) => return Some(left),
                Err(error) => error,
            },
        };
        failures += 1;
        let delay = RETRY.delay(failures);
        tracing::warn!(error = format!("{error:#}"), ?delay, "cannot take over yet");
        sleep(delay).await;
    }
}

/// Waits for the wishes that a predecessor had in hand when it died: they come again, but later than newer
/// ones, which must not be sent before them. Returns what has arrived meanwhile.
pub(super) async fn in_hand(
    relay: &Relay,
    arrivals: &mut UnboundedReceiver<Vec<Call>>,
    active: &Shutdown,
) -> Vec<Call> {
    let consumer = subjects::BOT_BRIDGE;
    let deadline = Instant::now() + consumer.ack_wait * 2;
    let mut arrived = Vec::new();
    let mut target = None;
    while Instant::now() < deadline && !active.is_cancelled() {
        if let Ok(info) = relay.bus().consumer_info(consumer.name).await {
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

async fn try_take_over(relay: &Relay, bot_id: i64) -> anyhow::Result<Left> {
    let mut conn = relay.store().conn().await?;
    calls::adopt(&mut conn, bot_id).await?;
    if let Some((row, facts)) = calls::give_up(&mut conn, bot_id, given_up).await? {
        tracing::warn!(replies = facts.len(), "replies were interrupted; whether they were sent is unknown");
        relay.publish(row, &facts).await?;
    }
    let paused = calls::paused(&mut conn, bot_id).await?;
    let mut queued: Vec<Call> = Vec::new();
    loop {
        let after = queued.last().map_or((0, 0), |last| (last.position, last.part));
        let page = calls::queued(&mut conn, bot_id, after, PAGE).await?;
        if page.is_empty() {
            return Ok(Left { queued, paused });
        }
        queued.extend(page);
    }
}
