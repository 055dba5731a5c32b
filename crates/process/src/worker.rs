//! The frame around every worker: it connects, waits for what is not there yet, can be watched meanwhile,
//! and leaves nothing unmarked behind.

use std::{
    net::SocketAddr,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use clap::Args;
use events::{Bus, BusConfig, Service, bus::retry::Backoff};
use store::{Relay, Store};

use crate::{Connections, Readiness, Secret, Shutdown, probes};

/// What every worker is told at its start.
#[derive(Debug, Clone, Args)]
pub struct WorkerConfig {
    #[command(flatten)]
    pub connections: Connections,

    /// Where health and metrics are served; nowhere when empty
    #[arg(long, env = "METRICS_LISTEN")]
    pub metrics_listen: Option<SocketAddr>,
}

const PATIENCE: Backoff = Backoff { first: Duration::from_millis(100), most: Duration::from_secs(2) };

/// Runs `work` until shutdown, once broker, database and tables are there; it is to return when the token
/// that it is given is cancelled. The relay outlives it by a moment: what it published last is still marked.
///
/// # Errors
/// What `work` returns; a configuration that no waiting mends; an address for the probes that is taken: a
/// worker that cannot be watched must not go on as if it could.
pub async fn run<W, F>(
    config: &WorkerConfig,
    service: Service,
    shutdown: Shutdown,
    work: W,
) -> anyhow::Result<()>
where
    W: FnOnce(Relay, Shutdown) -> F,
    F: Future<Output = anyhow::Result<()>>,
{
    let connections = &config.connections;
    let store = Store::new(connections.database_url.expose(), connections.database_pool)?;
    let connected: Arc<OnceLock<Relay>> = Arc::default();
    // Ends either half when the other one has ended.
    let stop = shutdown.child_token();
    let worked = async {
        let _ended = stop.clone().drop_guard();
        let address = BusConfig {
            url: connections.nats_url.expose().to_owned(),
            keys: connections.nats_keys.clone(),
            service,
        };
        let Some(bus) = Bus::connect_patiently(&address, &stop).await? else { return Ok(()) };
        let tables = await_tables(connections.database_url.expose());
        if stop.run_until_cancelled(tables).await.is_none() {
            return Ok(());
        }
        let relay = connected.get_or_init(|| Relay::new(store, bus.clone())).clone();
        tracing::info!(%service, "ready");
        let ended = Shutdown::new();
        let work = async {
            let _ended = ended.clone().drop_guard();
            work(relay.clone(), stop.clone()).await
        };
        let (result, ()) = tokio::join!(work, relay.run(ended.clone()));
        bus.close().await;
        result
    };
    let watched = async {
        let Some(listen) = config.metrics_listen else { return Ok(()) };
        let _ended = stop.clone().drop_guard();
        let readiness = readiness(Arc::clone(&connected), connections.database_url.clone());
        probes::serve(listen, readiness, stop.clone()).await
    };
    let (watched, worked) = tokio::join!(watched, worked);
    watched.and(worked)
}

/// Ready is who has the broker, the database and its tables; before `connected` is set, nobody is.
pub fn readiness(connected: Arc<OnceLock<Relay>>, database_url: Secret) -> Readiness {
    let (broker, database) = (Arc::clone(&connected), connected);
    let migrated = Arc::new(AtomicBool::new(false));
    Readiness::default()
        .with("broker", move || {
            let there = broker.get().is_some_and(|relay| relay.bus().is_connected());
            async move { if there { Ok(()) } else { Err("not connected".to_owned()) } }
        })
        .with("database", move || {
            let database = Arc::clone(&database);
            async move {
                let Some(relay) = database.get() else { return Err("not connected".to_owned()) };
                relay.store().ping().await.map_err(|_| "does not answer".to_owned())
            }
        })
        .with("migrations", move || {
            let (migrated, url) = (Arc::clone(&migrated), database_url.clone());
            async move {
                // Once they are there they stay: no need to look again.
                if migrated.load(Ordering::Relaxed) {
                    return Ok(());
                }
                match store::pending_migrations(url.expose()).await {
                    Ok(0) => {
                        migrated.store(true, Ordering::Relaxed);
                        Ok(())
                    }
                    Ok(missing) => Err(format!("{missing} missing; run vestnik migrate")),
                    Err(_) => Err("unknown: the database does not answer".to_owned()),
                }
            }
        })
}

/// Without its tables a worker would fail every request, and give it up in the end.
async fn await_tables(database_url: &str) {
    let mut attempt = 0;
    loop {
        match store::pending_migrations(database_url).await {
            Ok(0) => return,
            Ok(missing) => tracing::info!(missing, "waiting for the migrations"),
            Err(error) => tracing::warn!(%error, "waiting for the database"),
        }
        attempt += 1;
        tokio::time::sleep(PATIENCE.delay(attempt)).await;
    }
}
