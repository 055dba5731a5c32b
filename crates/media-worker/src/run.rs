use std::thread::available_parallelism;

use events::{Bus, BusConfig, Service, bus::consume::ConsumeOptions, subjects};
use process::{Readiness, Shutdown, probes};
use store::{Relay, Store};

use crate::{Config, worker::Worker};

/// Runs until shutdown. Waits for the broker at the start.
///
/// # Errors
/// When the configuration cannot be used.
pub async fn run(config: Config, shutdown: Shutdown) -> anyhow::Result<()> {
    let connections = &config.connections;
    let store = Store::new(connections.database_url.expose(), connections.database_pool)?;
    let address = BusConfig {
        url: connections.nats_url.expose().to_owned(),
        keys: connections.nats_keys.clone(),
        service: Service::MediaWorker,
    };
    let Some(bus) = Bus::connect_patiently(&address, &shutdown).await? else { return Ok(()) };
    let concurrency = match config.media_concurrency {
        Some(concurrency) => concurrency.max(1),
        None => available_parallelism()?.get(),
    };
    let relay = Relay::new(store.clone(), bus.clone());
    let uploads = Worker::new(relay.clone(), concurrency);
    // A small batch: what is rendered together is published together.
    let options = ConsumeOptions { batch: concurrency * 2, ..ConsumeOptions::default() };
    tracing::info!(concurrency, "media-worker is ready");
    let (probes, (), ()) = tokio::join!(
        serve_probes(&config, &store, &bus, &shutdown),
        bus.consume(subjects::MEDIA_WORKER, options, &uploads, shutdown.clone()),
        relay.run(shutdown.clone()),
    );
    bus.close().await;
    probes
}

async fn serve_probes(config: &Config, store: &Store, bus: &Bus, shutdown: &Shutdown) -> anyhow::Result<()> {
    let Some(listen) = config.metrics_listen else { return Ok(()) };
    let (store, bus) = (store.clone(), bus.clone());
    let readiness = Readiness::default()
        .with("broker", move || {
            let connected = bus.is_connected();
            async move { if connected { Ok(()) } else { Err("not connected".to_owned()) } }
        })
        .with("database", move || {
            let store = store.clone();
            async move { store.ping().await.map_err(|_| "no answer".to_owned()) }
        });
    let served = probes::serve(listen, readiness, shutdown.clone()).await;
    if served.is_err() {
        shutdown.cancel();
    }
    served
}
