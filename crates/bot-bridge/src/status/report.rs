use std::time::Duration;

use events::subjects;
use process::Shutdown;
use store::Relay;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until, timeout};

use super::{BotStatus, Mode, State};
use crate::bot::Bot;

/// How old what is told may be.
const EVERY: Duration = Duration::from_secs(5);
/// How often Telegram is asked what it holds: when all is well, and when it is not.
const ASK: Duration = Duration::from_secs(30);
const ASK_IN_TROUBLE: Duration = Duration::from_secs(5);
/// A database or a broker that is away is no reason to stop late.
const LAST_WORD: Duration = Duration::from_millis(500);

/// Says how the bot's line is: at every change, and every few seconds, until `active` ends.
pub(crate) async fn report(bot: &Bot, relay: &Relay, active: &Shutdown) {
    tokio::join!(
        async {
            let _ended = active.run_until_cancelled(tell(bot, relay)).await;
        },
        async {
            let _ended = active.run_until_cancelled(ask(bot)).await;
        },
    );
    bot.line.stops();
    if timeout(LAST_WORD, write(bot.id, &bot.line.status(), relay)).await.is_err() {
        tracing::debug!(bot_id = bot.id, "nobody was told that the bot's bridge has stopped");
    }
}

async fn tell(bot: &Bot, relay: &Relay) {
    let mut changes = bot.line.changes();
    let mut tick = interval(EVERY);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            // The line lives as long as this.
            _ = changes.changed() => {}
            _ = tick.tick() => {}
        }
        let status = changes.borrow_and_update().clone();
        write(bot.id, &status, relay).await;
    }
}

/// What cannot be written is written anew in a moment.
async fn write(bot_id: i64, status: &BotStatus, relay: &Relay) {
    if let Err(error) = try_write(bot_id, status, relay).await {
        tracing::debug!(bot_id, error = format!("{error:#}"), "the state of the bot's line is not told");
    }
}

async fn try_write(bot_id: i64, status: &BotStatus, relay: &Relay) -> anyhow::Result<()> {
    let status = serde_json::to_value(status)?;
    // Whoever looks now hears of it although the database is away.
    relay.bus().core().publish(subjects::bot_status(bot_id), status.to_string().into()).await?;
    let mut conn = relay.store().conn().await?;
    store::desk::keep_status(&mut conn, bot_id, &status).await?;
    Ok(())
}

/// Asks Telegram how much it holds for a bot that polls; who looks after a webhook asks anyway. That it does not say is told by who needs more than this.
async fn ask(bot: &Bot) {
    let mut changes = bot.line.changes();
    if bot.line.status().mode == Mode::Webhook {
        return;
    }
    loop {
        if let Ok(queue) = bot.telegram.queue().await {
            bot.line.pending(queue.pending_update_count);
        }
        let (asked, was) = (Instant::now(), bot.line.status().state);
        // Sooner when something goes wrong meanwhile.
        loop {
            let now = changes.borrow_and_update().state;
            let next = asked + if now == State::Ok && now == was { ASK } else { ASK_IN_TROUBLE };
            tokio::select! {
                () = sleep_until(next) => break,
                _ = changes.changed() => {}
            }
        }
    }
}
