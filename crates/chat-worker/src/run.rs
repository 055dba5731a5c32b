use std::time::Duration;

use anyhow::Context as _;
use events::{
    Bus, BusConfig, Service,
    bus::{consume::ConsumeOptions, retry::Backoff},
    subjects,
};
use process::Shutdown;
use store::{Relay, Store, Transactional};

use crate::{Config, decide::Fold};

/// Large batches: a transaction costs much the same for one message and for a thousand.
const BATCH: usize = 1_024;

const CONNECT: Backoff = Backoff { first: Duration::from_millis(100), most: Duration::from_secs(2) };
const CONNECT_ATTEMPTS: u32 = 20;

/// Works until shutdown.
///
/// # Errors
/// When the broker is not there within half a minute, or refuses the credentials.
pub async fn run(config: Config, shutdown: Shutdown) -> anyhow::Result<()> {
    let connections = &config.connections;
    let store = Store::new(connections.database_url.expose(), connections.database_pool)?;
    let bus = BusConfig {
        url: connections.nats_url.expose().to_owned(),
        keys: connections.nats_keys.clone(),
        service: Service::ChatWorker,
    };
    let bus = connect(&bus).await.context("chat-worker cannot start")?;
    let relay = Relay::new(store, bus.clone());
    let handler = Transactional::new(subjects::CHAT_WORKER.name, relay.clone(), Fold);
    let options = ConsumeOptions { batch: BATCH, ..ConsumeOptions::default() };
    // The relay outlives the consumer by a moment: what the last batch published is still marked.
    let consumed = Shutdown::new();
    tokio::join!(
        async {
            bus.consume(subjects::CHAT_WORKER, options, &handler, shutdown).await;
            consumed.cancel();
        },
        relay.run(consumed.clone()),
    );
    bus.close().await;
    Ok(())
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
