use std::time::Duration;

use anyhow::Context as _;
use events::{
    Bus, BusConfig, Service,
    bus::{Objects, consume::ConsumeOptions, retry::Backoff},
    subjects,
};
use process::Shutdown;
use store::{Relay, Store, deliveries::Lead};
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

const CONNECT: Backoff = Backoff { first: Duration::from_millis(100), most: Duration::from_secs(2) };
const CONNECT_ATTEMPTS: u32 = 20;

/// Works until shutdown: as the active bridge of its bot, or standing by for another one.
///
/// # Errors
/// When `OPERATOR_BOT_TOKEN` or a rate is not usable, or the broker is not there within half a minute.
pub async fn run(config: Config, shutdown: Shutdown) -> anyhow::Result<()> {
    let (connections, telegram) = (&config.connections, &config.telegram);
    let (token, bot_id) = telegram.token()?;
    let limits = telegram.limits()?;
    let telegram = Telegram::new(
        &telegram.telegram_api_url,
        token,
        telegram.telegram_poll_timeout,
        telegram.timeout()?,
    )?;
    let store = Store::new(connections.database_url.expose(), connections.database_pool)?;
    let bus = connect(&BusConfig {
        url: connections.nats_url.expose().to_owned(),
        keys: connections.nats_keys.clone(),
        service: Service::BotBridge,
    })
    .await
    .context("bot-bridge cannot start")?;
    let relay = Relay::new(store, bus.clone());
    let files = bus.objects(subjects::FILES_BUCKET).await?;
    let bridge = Bridge { bot_id, telegram, bus: bus.clone(), relay: relay.clone(), files, limits };

    // The relay outlives the rest by a moment: what was published last is still marked.
    let ended = Shutdown::new();
    tokio::join!(
        async {
            loop {
                tokio::select! {
                    biased;
                    () = shutdown.cancelled() => break,
                    lead = Lead::take(connections.database_url.expose(), bot_id) => {
                        bridge.lead(lead, &shutdown).await;
                    }
                }
            }
            ended.cancel();
        },
        relay.run(ended.clone()),
    );
    bus.close().await;
    Ok(())
}

impl Bridge {
    /// Works as the active bridge until shutdown, or until another one may be.
    async fn lead(&self, mut lead: Lead, shutdown: &Shutdown) {
        tracing::info!(bot_id = self.bot_id, "this bridge is active");
        metrics::gauge!("vestnik_bridge_active").set(1.0);
        let active = shutdown.child_token();
        let work = self.work(&active);
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
    async fn work(&self, active: &Shutdown) {
        let (queued, arrivals) = mpsc::unbounded_channel();
        let intake = Intake::new(self.relay.clone(), queued);
        // No waiting for company: whoever wrote the reply is waiting.
        let intake_options = ConsumeOptions { linger: Duration::ZERO, ..ConsumeOptions::default() };
        let options = ConsumeOptions::default();
        let files =
            Files::new(self.telegram.clone(), self.files.clone(), self.relay.clone(), options.attempts);
        let sender = Sender::new(self.telegram.clone(), self.relay.clone(), self.limits);
        tokio::join!(
            updates::poll(&self.telegram, &self.bus, self.bot_id, active),
            self.bus.consume(subjects::BOT_BRIDGE_FILES, options, &files, active.clone()),
            self.bus.consume(subjects::BOT_BRIDGE, intake_options, &intake, active.clone()),
            sender.run(arrivals, active),
        );
    }
}

/// The broker may be starting at the same time.
async fn connect(config: &BusConfig) -> anyhow::Result<Bus> {
    let mut attempt = 1;
    loop {
        match Bus::connect(config).await {
            Ok(bus) => return Ok(bus),
            Err(error) if attempt >= CONNECT_ATTEMPTS => return Err(error.into()),
            Err(error) => tracing::info!(attempt, %error, "waiting for the broker"),
        }
        tokio::time::sleep(CONNECT.delay(attempt)).await;
        attempt += 1;
    }
}
