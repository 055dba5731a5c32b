use std::{
    net::SocketAddr,
    sync::{Arc, OnceLock},
    time::Duration,
};

use anyhow::Context as _;
use axum::{Router, serve::ListenerExt as _};
use events::{Bus, BusConfig, Service, subjects, users::Listener};
use process::{Secret, Shutdown, probes, worker};
use store::{Relay, Store};
use tokio::net::TcpListener;

use crate::{
    Config,
    auth::CallerCache,
    backoffice,
    bots::BotLines,
    desk::{Ear, Frames},
    edge::{Edge, Site},
    identity::Attempts,
    images::Progress,
    images::turn::Turns,
    public,
    rate_limit::RateLimit,
    scans::{Links, Pulse, Recorder},
    tail::{Tail, Watching},
};

/// How long requests may still take once shutdown has begun.
const GRACE: Duration = Duration::from_millis(2_500);
const RETRY: Duration = Duration::from_millis(500);
const SWEEP: Duration = Duration::from_secs(3_600);
const COUNT: Duration = Duration::from_secs(30);

/// The edge with its addresses bound and its connections open.
#[derive(Debug)]
pub struct Bound {
    pub public: SocketAddr,
    pub backoffice: SocketAddr,
    edge: Arc<Edge>,
    listeners: [TcpListener; 2],
    metrics_listen: SocketAddr,
    database_url: Secret,
}

/// Serves both sites and the probes until shutdown.
///
/// # Errors
/// When an address is taken, or the first connections cannot be made.
pub async fn run(config: Config, shutdown: Shutdown) -> anyhow::Result<()> {
    match Bound::new(config, shutdown).await? {
        Some(bound) => bound.serve().await,
        None => Ok(()),
    }
}

impl Bound {
    /// Binds the addresses, then waits for the broker and the database. `None` when shutdown comes first.
    ///
    /// # Errors
    /// When an address is taken, or the database's URL is no URL.
    pub async fn new(config: Config, shutdown: Shutdown) -> anyhow::Result<Option<Self>> {
        let public = bind(config.public_listen, "PUBLIC_LISTEN").await?;
        let backoffice = bind(config.backoffice_listen, "BACKOFFICE_LISTEN").await?;
        let store = Store::new(config.connections.database_url.expose(), config.connections.database_pool)?;
        let edge = tokio::select! {
            () = shutdown.cancelled() => return Ok(None),
            edge = open(&config, public.local_addr()?, store, shutdown.clone()) => Arc::new(edge),
        };
        Ok(Some(Self {
            public: public.local_addr()?,
            backoffice: backoffice.local_addr()?,
            edge,
            listeners: [public, backoffice],
            metrics_listen: config.metrics_listen,
            database_url: config.connections.database_url,
        }))
    }

    /// Serves until shutdown, then for at most 2.5 s longer.
    ///
    /// # Errors
    /// When a listener fails.
    pub async fn serve(self) -> anyhow::Result<()> {
        let Self { edge, listeners: [public_listener, backoffice_listener], .. } = self;
        let shutdown = edge.shutdown.clone();
        let public = public::router(Site { edge: Arc::clone(&edge), listener: Listener::Public });
        let backoffice = backoffice::router(Site { edge: Arc::clone(&edge), listener: Listener::Backoffice });
        tracing::info!(
            public = %public_listener.local_addr()?,
            backoffice = %backoffice_listener.local_addr()?,
            "listening"
        );
        let watching = Watching { callers: &edge.callers, links: &edge.links, pulse: &edge.pulse };
        let work = async {
            tokio::try_join!(
                serve(public_listener, public, shutdown.clone()),
                serve(backoffice_listener, backoffice, shutdown.clone()),
                probes::serve(
                    self.metrics_listen,
                    worker::readiness(Arc::new(OnceLock::from(edge.relay.clone())), self.database_url),
                    shutdown.clone()
                ),
                async {
                    tokio::join!(
                        edge.tail.follow(&edge.bus, watching, shutdown.clone()),
                        edge.pulse.run(&edge.bus, shutdown.clone()),
                        edge.recorder.record(&edge.bus, shutdown.clone()),
                        edge.heard.follow(&edge.bus, shutdown.clone()),
                        edge.progress.follow(&edge.bus, shutdown.clone()),
                        edge.bot_lines.follow(&edge.bus, shutdown.clone()),
                        edge.relay.run(shutdown.clone()),
                        sweep(&edge, shutdown.clone()),
                        count_letters(&edge, shutdown.clone()),
                        store::identity::password::warm_up(),
                    );
                    Ok(())
                },
            )
        };
        tokio::select! {
            done = work => { done?; }
            () = overdue(&shutdown) => tracing::warn!("requests were still running when the time was up"),
        }
        // No request is left that could bring more.
        edge.recorder.flush(&edge.bus).await;
        edge.bus.close().await;
        Ok(())
    }
}

async fn serve(listener: TcpListener, router: Router, shutdown: Shutdown) -> anyhow::Result<()> {
    let listener = listener.tap_io(|stream| {
        // Answers are one small write: waiting to fill a packet only delays them.
        let _ = stream.set_nodelay(true);
    });
    axum::serve(listener, router.into_make_service_with_connect_info::<SocketAddr>())
        .with_graceful_shutdown(shutdown.cancelled_owned())
        .await?;
    Ok(())
}

async fn bind(address: SocketAddr, variable: &str) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address)
        .await
        .with_context(|| format!("cannot listen on {address}; set {variable} to a free address"))
}

/// Opens the connections, trying again for as long as it takes.
async fn open(config: &Config, public: SocketAddr, store: Store, shutdown: Shutdown) -> Edge {
    loop {
        match connect(config, public, store.clone(), shutdown.clone()).await {
            Ok(edge) => return edge,
            Err(error) => {
                tracing::warn!(error = format!("{error:#}"), "not ready yet; trying again");
                tokio::time::sleep(RETRY).await;
            }
        }
    }
}

async fn connect(
    config: &Config,
    public: SocketAddr,
    store: Store,
    shutdown: Shutdown,
) -> anyhow::Result<Edge> {
    let bus = Bus::connect(&BusConfig {
        url: config.connections.nats_url.expose().to_owned(),
        keys: config.connections.nats_keys.clone(),
        service: Service::HttpEdge,
    })
    .await?;
    let media = bus.objects(subjects::MEDIA_BUCKET).await?;
    let files = bus.objects(subjects::FILES_BUCKET).await?;
    store.ping().await?;
    let tail = Tail::at_end_of(&bus).await?;
    Ok(Edge {
        relay: Relay::new(store.clone(), bus.clone()),
        store,
        bus,
        tail,
        callers: CallerCache::default(),
        links: Links::default(),
        recorder: Recorder::default(),
        pulse: Pulse::default(),
        attempts: Attempts::default(),
        heard: Ear::default(),
        frames: Frames::default(),
        progress: Progress::default(),
        bot_lines: BotLines::default(),
        media,
        files,
        uploads: Turns::default(),
        upload_time: Duration::from_secs(config.upload_seconds),
        chat_message_limit: RateLimit::of_chat_messages(),
        registration_limit: RateLimit::of_registrations(),
        chat_message_token: config.chat_message_token.clone(),
        trusted_proxies: config.trusted_proxies.clone(),
        base_url: config.api_base_url.clone(),
        real_telegram: config.is_real_telegram(),
        address: match &config.api_base_url {
            Some(url) => url.as_str().trim_end_matches('/').to_owned(),
            None => format!("http://{public}"),
        },
        shutdown,
    })
}

async fn sweep(edge: &Edge, shutdown: Shutdown) {
    let mut tick = tokio::time::interval(SWEEP);
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            _ = tick.tick() => {}
        }
        edge.chat_message_limit.forget_old();
        edge.registration_limit.forget_old();
        let swept = async {
            let mut conn = edge.conn().await?;
            anyhow::Ok(store::identity::sweep_sessions(&mut conn, events::now()).await?)
        };
        if let Err(error) = swept.await {
            tracing::warn!(error = format!("{error:#}"), "old sessions not swept");
        }
    }
}

/// Tells how many dead letters wait for somebody. Every instance tells the same.
async fn count_letters(edge: &Edge, shutdown: Shutdown) {
    let mut tick = tokio::time::interval(COUNT);
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            _ = tick.tick() => {}
        }
        let counted = async {
            let letters = edge.bus.last_letter().await?;
            let settled = store::letters::count_settled(&mut *edge.conn().await?).await?;
            anyhow::Ok(letters.saturating_sub(settled.unsigned_abs()))
        };
        match counted.await {
            #[expect(clippy::cast_precision_loss, reason = "far fewer than 2^53")]
            Ok(waiting) => metrics::gauge!("vestnik_dead_letters_waiting").set(waiting as f64),
            Err(error) => tracing::warn!(error = format!("{error:#}"), "dead letters not counted"),
        }
    }
}

async fn overdue(shutdown: &Shutdown) {
    shutdown.cancelled().await;
    tokio::time::sleep(GRACE).await;
}
