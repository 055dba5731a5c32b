use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Context as _, ensure};
use axum::{Router, http::StatusCode, routing::get, serve::ListenerExt as _};
use clap::Args;
use events::{
    Event as _, Outgoing, Service,
    bus::TailStart,
    orders::{OrderContent, OrderRequested, short_code},
};
use jiff::ToSpan as _;
use store::{Store, orders::scans};
use tokio::net::TcpListener;
use uuid::Uuid;

use super::{
    client::Connection,
    load::{Ask, Load},
    orders::make_customers,
    private::PrivateSystem,
};
use crate::target::Target;

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Connections, each with one request under way
    #[arg(long, default_value_t = 64)]
    connections: usize,
    /// Codes that are scanned, each of an order of its own
    #[arg(long, default_value_t = 100)]
    codes: usize,
    /// Scans per second of the paced measurement
    #[arg(long, default_value_t = 10_000)]
    rate: u64,
    /// Seconds of each measurement, after two seconds of warming up
    #[arg(long, default_value_t = 10)]
    seconds: u64,
}

/// How long counting may take after the last scan.
const PATIENCE: Duration = Duration::from_secs(60);
const LOOK: Duration = Duration::from_millis(100);

pub(crate) async fn run(options: Options) -> anyhow::Result<()> {
    let system = PrivateSystem::start().await?;
    let result = measure(&options, &system).await;
    system.stop().await?;
    result
}

async fn measure(options: &Options, system: &PrivateSystem) -> anyhow::Result<()> {
    let target = system.target();
    let idle = system.resident_megabytes();
    let orders = make_orders(&target, options.codes).await?;
    let paths: Arc<[String]> = orders.iter().map(|order| format!("/q/{}", short_code(*order))).collect();
    let duration = Duration::from_secs(options.seconds);
    println!("GET /q/<code> until redirected; {} connections, {} codes", options.connections, options.codes);
    println!();

    let edge: SocketAddr = system.running.public_url.trim_start_matches("http://").parse()?;
    let followed = Arc::new(AtomicU64::new(0));
    let load = Load {
        address: edge,
        connections: options.connections,
        pause: None,
        ask: Links { paths: paths.clone(), followed: followed.clone() },
    };
    println!("{}", load.run(duration).await?.line("Vestnik, as many as it takes"));
    let full = system.resident_megabytes();
    let full_lag = settle(&target.store()?, &orders, followed.load(Ordering::Relaxed)).await?;
    let pause = Duration::from_secs_f64(options.connections as f64 / options.rate as f64);
    let paced = Load { pause: Some(pause), ..load.clone() };
    println!("{}", paced.run(duration).await?.line(&format!("Vestnik, {}/s asked for", options.rate)));
    let paced_lag = settle(&target.store()?, &orders, followed.load(Ordering::Relaxed)).await?;

    let bare = Bare::start().await?;
    let limit = Load { address: bare.address, ask: Links { paths, followed: Arc::default() }, ..load };
    println!("{}", limit.run(duration).await?.line("limit: axum alone with a constant 302"));
    println!(
        "{}",
        Load { pause: Some(pause), ..limit }
            .run(duration)
            .await?
            .line(&format!("limit: the same, {}/s asked for", options.rate))
    );
    bare.task.abort();

    println!();
    println!(
        "checked: all {} scans are counted, {:.1} s after the last at full load, {:.1} s at {}/s",
        followed.load(Ordering::Relaxed),
        full_lag.as_secs_f64(),
        paced_lag.as_secs_f64(),
        options.rate
    );
    let bus = target.bus(Service::Vestnik).await?;
    println!("events in the log, of all kinds: {}", bus.last_sequence().await?);
    if let (Some(idle), Some(full)) = (idle, full) {
        println!("memory of all services in one process: {idle} MB idle, {full} MB after full load");
    }
    Ok(())
}

/// Follows one link after the other.
#[derive(Debug, Clone)]
struct Links {
    paths: Arc<[String]>,
    /// Redirects ever given, those of warming up included.
    followed: Arc<AtomicU64>,
}

impl Ask for Links {
    async fn ask(&self, connection: &mut Connection, turn: usize) -> anyhow::Result<bool> {
        let redirected = connection.get(&self.paths[turn % self.paths.len()]).await? == 302;
        if redirected {
            self.followed.fetch_add(1, Ordering::Relaxed);
        }
        Ok(redirected)
    }
}

/// What no server built on the same stack can pass: nothing is looked up, counted or measured.
struct Bare {
    address: SocketAddr,
    task: tokio::task::JoinHandle<()>,
}

impl Bare {
    async fn start() -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let listener = listener.tap_io(|stream| {
            let _ = stream.set_nodelay(true);
        });
        let answer = || async { (StatusCode::FOUND, [("location", "https://example.org/menu")]) };
        let router = Router::new().route("/q/{code}", get(answer));
        let task = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, router).await {
                eprintln!("the bare server ended: {error}");
            }
        });
        Ok(Self { address, task })
    }
}

/// Open orders of one customer that have a short link each.
async fn make_orders(target: &Target, count: usize) -> anyhow::Result<Vec<Uuid>> {
    let customers = make_customers(target, 1).await?;
    let customer_id = customers.first().context("no customer")?.id;
    let bus = target.bus(Service::HttpEdge).await?;
    let mut outcomes = bus.tail(&["orders.*.accepted", "orders.*.rejected"], TailStart::Now).await?;
    let ids: Vec<Uuid> = (0..count).map(|_| events::request_id()).collect();
    let wishes: Vec<Outgoing> = ids
        .iter()
        .map(|&order_id| {
            let content = OrderContent {
                title: format!("Bench {order_id}"),
                target_url: "https://example.org/menu".into(),
                image_id: None,
                source_image_id: None,
                deadline: events::now() + 24.hours(),
                track_link: true,
                ..OrderContent::sample()
            };
            let wish = OrderRequested { order_id, customer_id, content, ..OrderRequested::sample() };
            Outgoing::request(Service::HttpEdge, "bench", wish)
        })
        .collect();
    bus.publish_all(&wishes).await?;
    for _ in 0..count {
        let outcome = tokio::time::timeout(Duration::from_secs(30), outcomes.next()).await;
        let outcome = outcome.context("the orders were not decided in time")?.context("the log ended")??;
        ensure!(outcome.subject.ends_with(".accepted"), "an order was not accepted: {}", outcome.subject);
    }
    bus.close().await;
    Ok(ids)
}

/// Waits until as many scans are counted as were answered, and tells how long that took.
async fn settle(store: &Store, orders: &[Uuid], followed: u64) -> anyhow::Result<Duration> {
    let started = Instant::now();
    let mut conn = store.conn().await?;
    loop {
        let counted: u64 = scans::totals(&mut conn, orders).await?.iter().map(|(_, scans)| scans).sum();
        if counted == followed {
            return Ok(started.elapsed());
        }
        ensure!(counted < followed, "{counted} scans are counted of {followed}");
        ensure!(started.elapsed() < PATIENCE, "only {counted} scans are counted of {followed}");
        tokio::time::sleep(LOOK).await;
    }
}
