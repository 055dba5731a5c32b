use events::{
    Bus, Service,
    bus::{Objects, consume::ConsumeOptions},
    subjects,
};
use process::{Shutdown, worker};
use store::{Relay, calls::Lead};
use tokio::sync::mpsc;

use crate::{
    Config, files::Files, intake::Intake, schedule::Limits, sender::Sender, telegram::Telegram, updates,
};

/// Everything that the parts of the bridge need.
struct Bridge {
    bot_id: i64,
    telegram: Telegram,
    bus: Bus,
    relay: Relay,
    files: Objects,
    limits: Limits,
}

/// Works until shutdown: as the active bridge of its bot, or standing by for another one.
///
/// # Errors
/// When `OPERATOR_BOT_TOKEN` or a rate is not usable.
pub async fn run(config: Config, shutdown: Shutdown) -> anyhow::Result<()> {
    let telegram = &config.telegram;
    let (token, bot_id) = telegram.token()?;
    let limits = telegram.limits()?;
    let telegram = Telegram::new(
        &telegram.telegram_api_url,
        token,
        telegram.telegram_poll_timeout,
        telegram.timeout()?,
    )?;
    let database_url = config.worker.connections.database_url.clone();
    worker::run(&config.worker, Service::BotBridge, shutdown, async |relay, shutdown| {
        let bus = relay.bus().clone();
        let files = bus.objects(subjects::FILES_BUCKET).await?;
        let bridge = Bridge { bot_id, telegram, bus, relay, files, limits };
        loop {
            tokio::select! {
                biased;
                () = shutdown.cancelled() => return Ok(()),
                lead = Lead::take(database_url.expose(), bot_id) => bridge.lead(lead, &shutdown).await,
            }
        }
    })
    .await
}

impl Bridge {
    /// Works as the active bridge until shutdown, or until another one may be.
    async fn lead(&self, mut lead: Lead, shutdown: &Shutdown) {
        tracing::info!(bot_id = self.bot_id, "this bridge is active");
        metrics::gauge!("vestnik_bridge_active").set(1.0);
        let active = shutdown.child_token();
        let work = self.work(&active, shutdown);
        tokio::pin!(work);
        tokio::select! {
            () = &mut work => {}
            () = lead.lost() => {
                tracing::warn!(bot_id = self.bot_id, "this bridge has lost the lead; stopping until it has it again");
                active.cancel();
                work.await;
            }
        }
        metrics::gauge!("vestnik_bridge_active").set(0.0);
        // Only now may another one begin: the lock goes with its connection.
        drop(lead);
    }

    /// In: updates, and their files. Out: wishes, and sending.
    async fn work(&self, active: &Shutdown, shutdown: &Shutdown) {
        let (queued, arrivals) = mpsc::unbounded_channel();
        let intake = Intake::new(self.relay.clone(), self.bot_id, queued);
        let options = ConsumeOptions::default();
        // Nobody is shown a file before the whole of its batch is fetched.
        let few = ConsumeOptions { batch: 4, ..options };
        let files =
            Files::new(self.telegram.clone(), self.files.clone(), self.relay.clone(), options.attempts);
        let sender = Sender::new(self.telegram.clone(), self.relay.clone(), self.bot_id, self.limits);
        tokio::join!(
            updates::poll(&self.telegram, &self.bus, self.bot_id, active),
            self.bus.consume(subjects::BOT_BRIDGE_FILES, few, &files, active.clone()),
            self.bus.consume(subjects::BOT_BRIDGE, options, &intake, active.clone()),
            sender.run(arrivals, active, shutdown),
        );
    }
}
