use std::path::{Path, PathBuf};

use async_nats::jetstream::message::StreamMessage;
use events::{
    Bus, BusConfig, Service,
    bus::{LogMessage, TailStart, keys, provision},
    subjects::{self, DurableConsumer},
};
use private_servers::{NatsOptions, NatsServer, find_nats_server};
use tempfile::TempDir;

use crate::{free_address, wait_for};

/// A nats-server of one test's own, with the repository's `nats.conf`, provisioned and empty.
#[derive(Debug)]
pub struct Broker {
    server: Option<NatsServer>,
    url: String,
    folder: TempDir,
}

impl Broker {
    /// # Panics
    /// When it cannot be started.
    pub async fn start() -> Self {
        let folder = tempfile::Builder::new().prefix("vestnik-nats-").tempdir().expect("a folder");
        let root = repository();
        let server = NatsServer::start(NatsOptions {
            program: find_nats_server(&root.join("var/tools")).expect("nats-server"),
            config: root.join("nats.conf"),
            listen: free_address(),
            store: folder.path().join("store"),
            log: folder.path().join("nats.log"),
            keys: keys::ensure(&folder.path().join("keys")).expect("keys"),
        })
        .await
        .expect("nats-server starts");
        let broker = Self { url: server.url(), server: Some(server), folder };
        provision::events(&broker.bus(Service::Provision).await, 1).await.expect("streams");
        broker
    }

    /// Creates the auditor's mirror, which few tests need.
    pub async fn provision_audit(&self) {
        provision::audit(&self.bus(Service::AuditProvision).await, 1).await.expect("the mirror");
    }

    /// A connection with the credentials of a service.
    pub async fn bus(&self, service: Service) -> Bus {
        let config = BusConfig { url: self.url.clone(), keys: Some(self.keys()), service };
        Bus::connect(&config).await.expect("a connection to the broker")
    }

    #[must_use]
    pub fn keys(&self) -> PathBuf {
        self.folder.path().join("keys")
    }

    /// A folder that goes with the test.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    #[must_use]
    pub fn nats_url(&self) -> &str {
        &self.url
    }

    /// Waits until the consumers have nothing pending or unacknowledged.
    pub async fn consumed(&self, consumers: &[DurableConsumer]) {
        let bus = self.bus(Service::Provision).await;
        for lane in consumers.iter().flat_map(DurableConsumer::lanes) {
            let what = format!("{} to have nothing pending or unacknowledged", lane.name);
            wait_for(&what, async || {
                let info = bus.consumer_info(&lane.name).await;
                info.is_ok_and(|info| info.num_pending == 0 && info.num_ack_pending == 0)
            })
            .await;
        }
    }

    /// The whole log, in order.
    pub async fn log(&self) -> Vec<LogMessage> {
        let bus = self.bus(Service::HttpEdge).await;
        let last = bus.last_sequence().await.expect("the log's end");
        let mut log = Vec::new();
        if last == 0 {
            return log;
        }
        let mut tail = bus.tail(&[], TailStart::Beginning).await.expect("the log");
        while let Some(message) = tail.next().await {
            let message = message.expect("a message of the log");
            let done = message.sequence >= last;
            log.push(message);
            if done {
                break;
            }
        }
        log
    }

    /// What was given up, in order.
    pub async fn dead(&self) -> Vec<StreamMessage> {
        let bus = self.bus(Service::Vestnik).await;
        let stream = bus.jetstream().get_stream(subjects::DEAD).await.expect("the stream DEAD");
        let mut dead = Vec::new();
        for sequence in 1..=stream.cached_info().state.last_sequence {
            dead.push(stream.get_raw_message(sequence).await.expect("a dead letter"));
        }
        dead
    }

    /// How many messages were given up.
    pub async fn dead_letters(&self) -> u64 {
        self.dead().await.len() as u64
    }

    /// # Panics
    /// When a message was given up.
    pub async fn no_dead_letters(&self) {
        let dead = self.dead().await;
        let reasons: Vec<_> = dead.iter().map(|one| one.headers.get("vestnik-dead-reason")).collect();
        assert!(dead.is_empty(), "messages were given up: {reasons:?}");
    }

    /// Kills it as a crash would, and starts it again on the same address after `meanwhile`.
    pub async fn crash(&mut self, meanwhile: impl Future<Output = ()>) {
        let options = self.server.take().expect("the broker runs").kill().await;
        meanwhile.await;
        self.server = Some(NatsServer::start(options).await.expect("nats-server starts again"));
    }
}

/// The folder of the repository.
fn repository() -> PathBuf {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR"));
    crates.ancestors().nth(2).expect("the repository").to_owned()
}
