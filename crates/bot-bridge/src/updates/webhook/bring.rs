use std::time::Duration;

use frankenstein::Error;
use jiff::Timestamp;
use process::Shutdown;

use super::super::pause;
use crate::{
    bot::Bot,
    config::WebhookConfig,
    status::{State, Trouble},
    telegram::Queue,
};

/// How often Telegram is asked whether it still brings updates here.
const LOOK: Duration = Duration::from_secs(30);
/// While it fails to.
const LOOK_IN_TROUBLE: Duration = Duration::from_secs(5);

/// Has Telegram bring the bot's updates, and looks after it, until `active` ends. It stays so afterwards: what
/// comes meanwhile waits at Telegram.
pub(crate) async fn bring(bot: &Bot, config: &WebhookConfig, active: &Shutdown) {
    let url = format!("{}/{}", config.url, bot.id);
    let mut failures = 0;
    let mut set = false;
    loop {
        let looked = active.run_until_cancelled(look(bot, config, &url, &mut set)).await;
        let delay = match looked {
            None => return,
            Some(Ok(true)) => LOOK,
            Some(Ok(false)) => LOOK_IN_TROUBLE,
            Some(Err(error)) => {
                failures += 1;
                bot.line.in_trouble(&Trouble::of(&error));
                if pause(bot.id, &error, failures, active).await.is_none() {
                    return;
                }
                continue;
            }
        };
        failures = 0;
        if active.run_until_cancelled(tokio::time::sleep(delay)).await.is_none() {
            return;
        }
    }
}

/// Whether all is well. Sets the webhook the first time, since its secret may be another one now, and when
/// somebody has set another one.
async fn look(bot: &Bot, config: &WebhookConfig, url: &str, set: &mut bool) -> Result<bool, Error> {
    let queue = bot.telegram.queue().await?;
    if !*set || queue.url != url {
        if *set {
            tracing::warn!(bot_id = bot.id, "somebody has changed the bot's webhook; it is set again");
        }
        bot.telegram.set_webhook(url, &config.secret).await?;
        *set = true;
        bot.line.heard();
        // Whether it works is seen by what was waiting.
        return Ok(queue.pending_update_count == 0);
    }
    bot.line.pending(queue.pending_update_count);
    match failing(&queue, bot.line.status().last_update_at) {
        Some(trouble) => {
            bot.line.in_trouble(&trouble);
            Ok(false)
        }
        // The log may have trouble of its own, which only an update that it takes ends.
        None if queue.pending_update_count > 0 && bot.line.status().state == State::LogUnavailable => {
            Ok(false)
        }
        None => {
            bot.line.heard();
            Ok(true)
        }
    }
}

/// What Telegram last said of failing, when something waits for it and nothing has come since.
fn failing(queue: &Queue, last_update_at: Option<Timestamp>) -> Option<Trouble> {
    let failed = Timestamp::from_second(queue.last_error_date?).ok()?;
    let since_then = last_update_at.is_some_and(|at| at > failed);
    (queue.pending_update_count > 0 && !since_then)
        .then(|| Trouble::of_webhook(queue.last_error_message.clone()))
}
