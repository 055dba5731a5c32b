//! In: what people write becomes events. An offset is confirmed to Telegram only when the broker has
//! acknowledged everything before it.

mod message;
mod secret;
mod translate;

use events::Bus;
use frankenstein::Error;
use process::Shutdown;
use serde::Deserialize;
use serde_json::value::RawValue;
use tokio::time::Duration;

use crate::telegram::{RETRY, Telegram, reason};
use translate::{Translated, translate};

/// All that must be readable of an update.
#[derive(Deserialize)]
struct Numbered {
    update_id: i64,
}

/// Polls until shutdown. Nothing is lost by stopping at any moment: Telegram tells again what was not
/// confirmed, and the events get the ids they had.
pub(crate) async fn poll(telegram: &Telegram, bus: &Bus, bot_id: i64, shutdown: &Shutdown) {
    let mut offset = None;
    let mut failures = 0;
    loop {
        let updates = tokio::select! {
            biased;
            () = shutdown.cancelled() => return,
            updates = telegram.updates(offset) => updates,
        };
        let updates = match updates {
            Ok(updates) => updates,
            Err(error) => {
                failures += 1;
                if pause(&error, failures, shutdown).await.is_none() {
                    return;
                }
                continue;
            }
        };
        failures = 0;
        if updates.is_empty() {
            continue;
        }
        let (events, next) = read(&updates, bot_id);
        if publish(bus, &events, shutdown).await.is_none() {
            return;
        }
        offset = next.or(offset);
    }
}

/// The events of a batch, and the offset that confirms it.
fn read(updates: &[Box<RawValue>], bot_id: i64) -> (Vec<events::Outgoing>, Option<i64>) {
    let mut events = Vec::with_capacity(updates.len());
    let mut next = None;
    for update in updates {
        let Ok(Numbered { update_id }) = serde_json::from_str(update.get()) else {
            ignored(None, "no_number");
            continue;
        };
        next = next.max(Some(update_id + 1));
        match translate(bot_id, update_id, update.get()) {
            Translated::Event(event) => events.push(*event),
            Translated::Ignored(why) => ignored(Some(update_id), why),
        }
    }
    metrics::counter!("vestnik_telegram_updates_total").increment(updates.len() as u64);
    (events, next)
}

fn ignored(update_id: Option<i64>, why: &'static str) {
    metrics::counter!("vestnik_telegram_updates_ignored_total", "reason" => why).increment(1);
    tracing::info!(update_id, why, "update ignored");
}

/// Publishes until the broker has everything; `None` when shutdown came first.
async fn publish(bus: &Bus, events: &[events::Outgoing], shutdown: &Shutdown) -> Option<()> {
    let mut failures = 0;
    loop {
        let error = tokio::select! {
            biased;
            () = shutdown.cancelled() => return None,
            published = bus.publish_in_order(events) => match published {
                Ok(_) => return Some(()),
                Err(error) => error,
            },
        };
        failures += 1;
        tracing::warn!(%error, events = events.len(), "updates not acknowledged; the offset stays");
        wait(RETRY.delay(failures), shutdown).await?;
    }
}

/// Waits longer each time; `None` when shutdown came first.
async fn pause(error: &Error, failures: u32, shutdown: &Shutdown) -> Option<()> {
    let mut delay = RETRY.delay(failures);
    let reason = reason(error);
    match error {
        Error::Api(refusal) => {
            if let Some(seconds) = refusal.parameters.and_then(|parameters| parameters.retry_after) {
                delay = delay.max(Duration::from_secs(u64::from(seconds)));
            }
            let hint = match refusal.error_code {
                401 | 404 => "the token is not valid: check OPERATOR_BOT_TOKEN",
                409 => "somebody else polls for this bot, or it has a webhook",
                _ => "Telegram refused",
            };
            let code = refusal.error_code;
            tracing::error!(code, reason, hint, ?delay, "no updates; trying again");
        }
        _ => tracing::warn!(reason, ?delay, "no updates; trying again"),
    }
    metrics::counter!("vestnik_telegram_poll_failures_total").increment(1);
    wait(delay, shutdown).await
}

async fn wait(delay: Duration, shutdown: &Shutdown) -> Option<()> {
    tokio::select! {
        () = shutdown.cancelled() => None,
        () = tokio::time::sleep(delay) => Some(()),
    }
}
