//! In: what people write becomes events. An offset is confirmed to Telegram only when the broker has
//! acknowledged everything before it.

mod message;
mod secret;
mod translate;
mod webhook;

use events::{Bus, Outgoing};
use frankenstein::Error;
use process::Shutdown;
use serde::Deserialize;
use serde_json::value::RawValue;
use tokio::time::Duration;

use crate::{
    bot::Bot,
    status::Trouble,
    telegram::{RETRY, reason},
};
use translate::{Translated, translate};
pub(crate) use webhook::{bring, serve};

/// After which the log is said to be away. It is tried for much longer.
const LATE: Duration = Duration::from_secs(3);

/// All that must be readable of an update.
#[derive(Deserialize)]
struct Numbered {
    update_id: i64,
}

/// Polls until shutdown. Nothing is lost by stopping at any moment: Telegram tells again what was not
/// confirmed, and the events get the ids they had.
pub(crate) async fn poll(bot: &Bot, bus: &Bus, shutdown: &Shutdown) {
    // Only what is to be confirmed: after a week without updates Telegram goes on counting anywhere (Bot API,
    // Update), and an offset from before would confirm what nobody has seen.
    let mut unconfirmed = None;
    let mut failures = 0;
    let mut may_poll = false;
    loop {
        let updates = async {
            if !may_poll {
                stop_webhook(bot).await?;
            }
            // After trouble at once: whether it is over should not take the next message to be known.
            bot.telegram.updates(unconfirmed, may_poll && failures == 0).await
        };
        let Some(updates) = shutdown.run_until_cancelled(updates).await else { return };
        let updates = match updates {
            Ok(updates) => updates,
            Err(error) => {
                failures += 1;
                bot.line.in_trouble(&Trouble::of(&error));
                if pause(bot.id, &error, failures, shutdown).await.is_none() {
                    return;
                }
                continue;
            }
        };
        may_poll = true;
        bot.line.heard();
        let (events, next) = read(&updates, bot.id);
        unconfirmed = next;
        if !events.is_empty() && publish(bot, bus, &events, shutdown).await.is_none() {
            return;
        }
        failures = 0;
        if updates.is_empty() {
            bot.line.pending(0);
        } else {
            bot.line.took();
            if next.is_none() {
                // Not one had a number: the same would come again at once.
                failures = 1;
                if wait(RETRY.delay(failures), shutdown).await.is_none() {
                    return;
                }
            }
        }
    }
}

/// A bot that has a webhook cannot poll. Whoever had set it for this bot, the setting has changed since.
async fn stop_webhook(bot: &Bot) -> Result<(), Error> {
    if !bot.telegram.queue().await?.url.is_empty() {
        tracing::info!(bot_id = bot.id, "the bot had a webhook; it polls from now on");
        bot.telegram.delete_webhook().await?;
    }
    Ok(())
}

/// The events of a batch, and the offset that confirms it.
fn read(updates: &[Box<RawValue>], bot_id: i64) -> (Vec<Outgoing>, Option<i64>) {
    let mut events = Vec::with_capacity(updates.len());
    let mut next = None;
    for update in updates {
        let Ok(Numbered { update_id }) = serde_json::from_str(update.get()) else {
            ignored(None, "no_number");
            continue;
        };
        next = next.max(Some(update_id.saturating_add(1)));
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
async fn publish(bot: &Bot, bus: &Bus, events: &[Outgoing], shutdown: &Shutdown) -> Option<()> {
    let mut failures = 0;
    loop {
        let publishing = bus.publish_in_order(events);
        tokio::pin!(publishing);
        let error = tokio::select! {
            biased;
            () = shutdown.cancelled() => return None,
            published = late(bot, publishing) => match published {
                Ok(_) => return Some(()),
                Err(error) => error,
            },
        };
        failures += 1;
        bot.line.in_trouble(&Trouble::of_log(&error));
        tracing::warn!(bot_id = bot.id, %error, events = events.len(), "updates not acknowledged; the offset stays");
        wait(RETRY.delay(failures), shutdown).await?;
    }
}

/// Says that the log is late while it is.
async fn late<T>(bot: &Bot, publishing: impl Future<Output = T> + Unpin) -> T {
    let mut publishing = publishing;
    let in_time = tokio::time::timeout(LATE, &mut publishing).await;
    if let Ok(published) = in_time {
        return published;
    }
    bot.line.in_trouble(&Trouble::of_log(&"no acknowledgement for seconds"));
    publishing.await
}

/// Waits longer each time; `None` when shutdown came first.
async fn pause(bot_id: i64, error: &Error, failures: u32, shutdown: &Shutdown) -> Option<()> {
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
            tracing::error!(bot_id, code, reason, hint, ?delay, "no updates; trying again");
        }
        _ => tracing::warn!(bot_id, reason, ?delay, "no updates; trying again"),
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
