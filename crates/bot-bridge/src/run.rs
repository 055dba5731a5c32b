use std::collections::HashMap;

use events::{
    Service,
    bus::{Objects, consume::ConsumeOptions},
    subjects,
};
use futures::future::join_all;
use process::{Secret, Shutdown, worker};
use store::{Relay, calls::Lead};
use tokio::sync::mpsc;

use crate::{
    Config, TelegramConfig,
    bot::{Bot, introduce},
    config::WebhookConfig,
    files::{self, Files},
    intake::{Intake, Senders},
    outbox::Limits,
    sender::Sender,
    status::{Mode, report},
    telegram::Telegram,
    updates,
};

/// Everything that the parts of the bridge need.
struct Bridge {
    bots: Vec<Bot>,
    /// The first of them, who speaks where nothing says which.
    usual: i64,
    relay: Relay,
    files: Objects,
    limits: Limits,
    /// Without it the bots poll.
    webhook: Option<WebhookConfig>,
}

/// Works until shutdown: as the active bridge of its bots, or standing by for another one.
///
/// # Errors
/// When `OPERATOR_BOT_TOKEN`, a rate or the webhook's settings are not usable.
pub async fn run(config: Config, shutdown: Shutdown) -> anyhow::Result<()> {
    let limits = config.telegram.limits()?;
    let webhook = config.telegram.webhook()?;
    let tokens = config.telegram.bots()?;
    let usual = tokens.first().map(|(id, _)| *id).unwrap_or_default();
    let mode = if webhook.is_some() { Mode::Webhook } else { Mode::Polling };
    let bots = tokens.iter().map(|(id, token)| bot(&config.telegram, *id, token, mode));
    let bots = bots.collect::<anyhow::Result<Vec<_>>>()?;
    let database_url = config.worker.connections.database_url.clone();
    worker::run(&config.worker, Service::BotBridge, shutdown, async |relay, shutdown| {
        let files = relay.bus().objects(subjects::FILES_BUCKET).await?;
        let bridge = Bridge { bots, usual, relay, files, limits, webhook };
        let ids: Vec<i64> = bridge.bots.iter().map(|bot| bot.id).collect();
        loop {
            tokio::select! {
                biased;
                () = shutdown.cancelled() => return Ok(()),
                lead = Lead::take(database_url.expose(), &ids) => bridge.lead(lead, &shutdown).await,
            }
        }
    })
    .await
}

fn bot(config: &TelegramConfig, id: i64, token: &Secret, mode: Mode) -> anyhow::Result<Bot> {
    let (url, timeout) = (&config.telegram_api_url, config.timeout()?);
    let telegram = Telegram::new(url, token, config.telegram_poll_timeout, timeout)?;
    Ok(Bot::new(id, telegram, mode))
}

impl Bridge {
    /// Works as the active bridge until shutdown, or until another one may be.
    async fn lead(&self, mut lead: Lead, shutdown: &Shutdown) {
        tracing::info!(bots = self.bots.len(), "this bridge is active");
        metrics::gauge!("vestnik_bridge_active").set(1.0);
        let active = shutdown.child_token();
        let work = self.work(&active, shutdown);
        tokio::pin!(work);
        tokio::select! {
            () = &mut work => {}
            () = lead.lost() => {
                tracing::warn!("this bridge has lost the lead; stopping until it has it again");
                active.cancel();
                work.await;
            }
        }
        metrics::gauge!("vestnik_bridge_active").set(0.0);
        // Only now may another one begin: the lock goes with its connection.
        drop(lead);
    }

    /// Everything of every bot at once; what they share is here once.
    async fn work(&self, active: &Shutdown, shutdown: &Shutdown) {
        let mut senders = Senders::new();
        let mut telegrams = HashMap::new();
        let mut working = Vec::new();
        for bot in &self.bots {
            bot.line.starts();
            let (queued, arrivals) = mpsc::unbounded_channel();
            senders.insert(bot.id, queued);
            telegrams.insert(bot.id, bot.telegram.clone());
            let sender = Sender::new(
                bot.telegram.clone(),
                self.files.clone(),
                self.relay.clone(),
                bot.id,
                self.limits,
            );
            working.push(async {
                tokio::join!(
                    self.receive(bot, active),
                    sender.run(arrivals, active, shutdown),
                    introduce(bot, &self.relay, active),
                    report(bot, &self.relay, active),
                );
            });
        }
        let intake = Intake::new(self.relay.clone(), self.usual, senders);
        let options = ConsumeOptions::default();
        // Nobody is shown a file before the whole of its batch is fetched.
        let few = ConsumeOptions { batch: 4, attempts: files::ATTEMPTS, ..options };
        let files = Files::new(telegrams, self.usual, self.files.clone(), self.relay.clone());
        let bus = self.relay.bus();
        let brought = async {
            if let Some(webhook) = &self.webhook {
                updates::serve(webhook, &self.bots, bus, active).await;
            }
        };
        tokio::join!(
            join_all(working),
            brought,
            bus.consume(subjects::BOT_BRIDGE_FILES, few, &files, active.clone()),
            bus.consume(subjects::BOT_BRIDGE, options, &intake, active.clone()),
        );
    }

    async fn receive(&self, bot: &Bot, active: &Shutdown) {
        match &self.webhook {
            Some(webhook) => updates::bring(bot, webhook, active).await,
            None => updates::poll(bot, self.relay.bus(), active).await,
        }
    }
}
