use std::time::Duration;

use events::{
    Bus, BusConfig, Service,
    bus::{consume::ConsumeOptions, retry::Backoff},
    subjects,
};
use process::{Readiness, Shutdown, probes};
use store::{Relay, Store, Transactional};

use crate::{Config, Worker, clock};

/// Runs until shutdown: wishes come in, the clock ticks, facts go out. Waits at the start for the broker
/// and for the tables.
///
/// # Errors
/// When the configuration cannot be used.
pub async fn run(config: Config, shutdown: Shutdown) -> anyhow::Result<()> {
    let connections = &config.connections;
    let store = Store::new(connections.database_url.expose(), connections.database_pool)?;
    let address = BusConfig {
        url: connections.nats_url.expose().to_owned(),
        keys: connections.nats_keys.clone(),
        service: Service::OrderWorker,
    };
    let Some(bus) = Bus::connect_patiently(&address, &shutdown).await? else { return Ok(()) };
    let relay = Relay::new(store.clone(), bus.clone());
    let worker = Worker::new(events::now);
    let wishes = Transactional::new(subjects::ORDER_WORKER.name, relay.clone(), worker);
    // What the last batch has published is still to be marked: the relay ends after the others.
    let idle = Shutdown::new();
    let work = async {
        await_tables(connections.database_url.expose(), &shutdown).await;
        tracing::info!("order-worker is ready");
        let asked = async {
            tokio::join!(
                bus.consume(subjects::ORDER_WORKER, ConsumeOptions::default(), &wishes, shutdown.clone()),
                clock::run(worker, &relay, shutdown.clone()),
            );
            idle.cancel();
        };
        tokio::join!(asked, relay.run(idle.clone()))
    };
    let (probes, _) = tokio::join!(serve_probes(&config, &store, &bus, &shutdown), work);
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
    // A worker that cannot be watched must not go on as if it could.
    if served.is_err() {
        shutdown.cancel();
    }
    served
}

const PATIENCE: Backoff = Backoff { first: Duration::from_millis(100), most: Duration::from_secs(2) };

/// Without its tables the worker would fail every request, and give it up in the end.
async fn await_tables(database_url: &str, shutdown: &Shutdown) {
    let mut attempt = 0;
    loop {
        match store::pending_migrations(database_url).await {
            Ok(0) => return,
            Ok(missing) => tracing::info!(missing, "waiting for the migrations"),
            Err(error) => tracing::warn!(%error, "waiting for the database"),
        }
        attempt += 1;
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = tokio::time::sleep(PATIENCE.delay(attempt)) => {}
        }
    }
}
