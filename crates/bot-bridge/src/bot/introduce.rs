use std::time::Duration;

use anyhow::Context as _;
use events::{Outgoing, Service, desk::BotConnected};
use process::Shutdown;
use store::Relay;

use super::{Bot, menu::Menu};
use crate::telegram::{RETRY, reason};

/// Somebody may rename the bot at any time.
const AGAIN: Duration = Duration::from_secs(3600);

/// Says under which name the bot works, when it is not the one that is known, and has Telegram offer its commands.
pub(crate) async fn introduce(bot: &Bot, relay: &Relay, active: &Shutdown) {
    let (mut failures, mut menu) = (0, Menu::default());
    loop {
        let said = active.run_until_cancelled(try_introduce(bot, relay)).await;
        let delay = match said {
            None => return,
            Some(Ok(())) => {
                failures = 0;
                if active.run_until_cancelled(menu.offer(bot)).await.is_none() {
                    return;
                }
                AGAIN
            }
            Some(Err(error)) => {
                failures += 1;
                tracing::debug!(
                    bot_id = bot.id,
                    error = format!("{error:#}"),
                    "the bot's name is not known yet"
                );
                RETRY.delay(failures)
            }
        };
        if active.run_until_cancelled(tokio::time::sleep(delay)).await.is_none() {
            return;
        }
    }
}

async fn try_introduce(bot: &Bot, relay: &Relay) -> anyhow::Result<()> {
    let me = bot.telegram.me().await.map_err(|error| anyhow::anyhow!(reason(&error)))?;
    let known = {
        let mut conn = relay.store().conn().await?;
        store::desk::bot(&mut conn, bot.id).await.context("cannot read the bot")?
    };
    let same = known.is_some_and(|known| {
        known.username.as_ref() == Some(&me.username) && known.name.as_ref() == Some(&me.first_name)
    });
    if !same {
        let connected = BotConnected { bot_id: bot.id, bot_username: me.username, bot_name: me.first_name };
        relay.bus().publish(&Outgoing::request(Service::BotBridge, "bot-bridge", connected)).await?;
    }
    Ok(())
}
