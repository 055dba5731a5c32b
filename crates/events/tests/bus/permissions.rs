//! What each service's credentials do not open. A forbidden publish has no answer: the broker tells the
//! connection, and the streams stay as they were.

use std::sync::{Arc, Mutex};

use async_nats::{Client, ConnectOptions, Event, HeaderMap, jetstream};
use events::{
    LogEvent, Service,
    bus::keys,
    subjects::{DURABLE_CONSUMERS, DurableConsumer, EVENTS},
};
use testkit::{Broker, wait_for};

/// A plain client with a service's key, which is told what the broker refuses.
pub(crate) struct Intruder {
    pub client: Client,
    service: Service,
    refused: Arc<Mutex<String>>,
}

impl Intruder {
    pub(crate) async fn with_key_of(broker: &Broker, service: Service) -> Self {
        let refused: Arc<Mutex<String>> = Arc::default();
        let heard = refused.clone();
        let client = ConnectOptions::with_nkey(keys::read_seed(&broker.keys(), service).unwrap())
            .custom_inbox_prefix(format!("_INBOX_{service}"))
            .event_callback(move |event| {
                if let Event::ServerError(error) = event {
                    heard.lock().unwrap().push_str(&error.to_string().to_lowercase());
                }
                std::future::ready(())
            })
            .connect(broker.nats_url())
            .await
            .unwrap();
        Self { client, service, refused }
    }

    /// Publishes on each subject, and waits until the broker has said of each that it may not.
    pub(crate) async fn are_refused(&self, subjects: &[String]) {
        // The client forgets what it is told too fast.
        for some in subjects.chunks(50) {
            for subject in some {
                let headers = HeaderMap::new();
                self.client.publish_with_headers(subject.clone(), headers, "{}".into()).await.unwrap();
            }
            self.hears("publish", some).await;
        }
    }

    pub(crate) async fn is_refused(&self, subject: &str) {
        self.are_refused(&[subject.to_owned()]).await;
    }

    async fn is_deaf_to(&self, subjects: &[String]) {
        let mut open = Vec::new();
        for subject in subjects {
            open.push(self.client.subscribe(subject.clone()).await.unwrap());
        }
        self.hears("subscription", subjects).await;
    }

    async fn hears(&self, what: &str, subjects: &[String]) {
        self.client.flush().await.unwrap();
        for subject in subjects {
            let refusal = format!("permissions violation for {what} to \"{}\"", subject.to_lowercase());
            let missing = format!("{} to be told: {refusal}", self.service);
            wait_for(&missing, async || self.refused.lock().unwrap().contains(&refusal)).await;
        }
    }
}

fn lanes() -> Vec<String> {
    DURABLE_CONSUMERS.iter().flat_map(DurableConsumer::lanes).map(|lane| lane.name).collect()
}

/// Everything that would change what is there, whoever asks.
fn changes() -> Vec<String> {
    let mut subjects = Vec::new();
    for stream in ["EVENTS", "DEAD"] {
        for call in ["DELETE", "PURGE", "MSG.DELETE", "SNAPSHOT", "RESTORE", "LEADER.STEPDOWN"] {
            subjects.push(format!("$JS.API.STREAM.{call}.{stream}"));
        }
    }
    for consumer in lanes() {
        for call in ["DELETE", "PAUSE", "RESET", "UNPIN", "LEADER.STEPDOWN", "DURABLE.CREATE"] {
            subjects.push(format!("$JS.API.CONSUMER.{call}.EVENTS.{consumer}"));
        }
    }
    subjects
}

fn foreign_events(service: Service) -> Vec<String> {
    let foreign = LogEvent::infos().into_iter().filter(|info| !info.publishers.contains(&service));
    foreign.map(|info| info.subject.replace('*', "4711")).collect()
}

/// Reading, acknowledging, burying for and changing the consumers of others, and making streams.
fn foreign_consumers(service: Service) -> Vec<String> {
    let mut subjects = Vec::new();
    for consumer in lanes().into_iter().filter(|name| !name.starts_with(service.name())) {
        subjects.extend([
            format!("$JS.API.CONSUMER.MSG.NEXT.EVENTS.{consumer}"),
            format!("$JS.ACK.EVENTS.{consumer}.1.1.1.1.0"),
            format!("$JS.ACK._.hash.EVENTS.{consumer}.1.1.1.1.0.x"),
            format!("dead.{consumer}.orders.4711.requested.17"),
        ]);
        if ![Service::HttpEdge, Service::Vestnik].contains(&service) {
            subjects.push(format!("$JS.API.DIRECT.GET.DEAD.dead.{consumer}.orders.4711.requested.17"));
        }
        if service != Service::Provision {
            subjects.push(format!("$JS.API.CONSUMER.CREATE.EVENTS.{consumer}"));
            subjects.push(format!("$JS.API.CONSUMER.CREATE.EVENTS.{consumer}.orders.>"));
        }
    }
    if service != Service::Provision {
        for stream in ["EVENTS", "DEAD", "OBJ_media", "ANOTHER"] {
            subjects.push(format!("$JS.API.STREAM.CREATE.{stream}"));
            subjects.push(format!("$JS.API.STREAM.UPDATE.{stream}"));
        }
    }
    subjects
}

async fn state(broker: &Broker) -> String {
    let bus = broker.bus(Service::Provision).await;
    let mut text = String::new();
    for stream in ["EVENTS", "DEAD"] {
        let stream = bus.jetstream().get_stream(stream).await.unwrap();
        let info = stream.cached_info();
        let config = serde_json::to_value(&info.config).unwrap();
        text.push_str(&format!("{config} {} {}\n", info.state.messages, info.state.last_sequence));
    }
    for lane in DURABLE_CONSUMERS.iter().flat_map(DurableConsumer::lanes) {
        let info = bus.consumer_info(&lane.name).await.unwrap();
        let config = serde_json::to_value(&info.config).unwrap();
        text.push_str(&format!("{config} {} {:?}\n", info.num_ack_pending, info.delivered));
    }
    text
}

#[tokio::test(flavor = "multi_thread")]
async fn no_service_can_do_what_is_not_its_business() {
    let broker = Broker::start().await;
    broker.provision_audit().await;
    let before = state(&broker).await;
    for service in Service::ALL {
        let intruder = Intruder::with_key_of(&broker, service).await;
        intruder.are_refused(&foreign_events(service)).await;
        intruder.are_refused(&changes()).await;
        intruder.are_refused(&foreign_consumers(service)).await;
        let others = Service::ALL.into_iter().filter(|other| *other != service);
        let mut subjects: Vec<String> = others.map(|other| format!("_INBOX_{other}.>")).collect();
        subjects.extend([">", "orders.>", "chats.>", "dead.>", "$JS.>", "_INBOX.>"].map(str::to_owned));
        intruder.is_deaf_to(&subjects).await;
    }
    assert_eq!(state(&broker).await, before);
}

/// A reader that names no consumer in the subject could change a worker's through the body.
#[tokio::test(flavor = "multi_thread")]
async fn a_reader_of_the_log_names_its_consumer() {
    let broker = Broker::start().await;
    for reader in [Service::HttpEdge, Service::Vestnik] {
        let intruder = Intruder::with_key_of(&broker, reader).await;
        intruder.is_refused("$JS.API.CONSUMER.CREATE.EVENTS").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn not_even_provision_can_make_the_log_forget() {
    let broker = Broker::start().await;
    let bus = broker.bus(Service::Provision).await;
    let config = bus.jetstream().get_stream(EVENTS).await.unwrap().cached_info().config.clone();
    assert!(config.deny_delete && config.deny_purge);
    for lax in [
        jetstream::stream::Config { deny_delete: false, ..config.clone() },
        jetstream::stream::Config { deny_purge: false, ..config.clone() },
    ] {
        let error = bus.jetstream().update_stream(lax).await.unwrap_err().to_string();
        assert!(error.contains("can not"), "{error}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_enters_without_a_key_that_the_broker_knows() {
    let broker = Broker::start().await;
    let stranger = nkeys::KeyPair::new_user().seed().unwrap();
    assert!(ConnectOptions::with_nkey(stranger).connect(broker.nats_url()).await.is_err());
    assert!(ConnectOptions::new().connect(broker.nats_url()).await.is_err());
}

/// What the lists allow is enough: each service does its own business in the other tests; the rest is here.
#[tokio::test(flavor = "multi_thread")]
async fn progress_and_typing_reach_the_edge_only() {
    use futures::StreamExt as _;
    let broker = Broker::start().await;
    let edge = broker.bus(Service::HttpEdge).await;
    let mut progress = edge.core().subscribe("progress.images.*").await.unwrap();
    edge.core().flush().await.unwrap();
    let worker = broker.bus(Service::MediaWorker).await;
    wait_for("progress to arrive", async || {
        worker.core().publish("progress.images.4711", "50".into()).await.unwrap();
        worker.core().flush().await.unwrap();
        let next = tokio::time::timeout(std::time::Duration::from_millis(200), progress.next());
        next.await.is_ok_and(|message| message.is_some())
    })
    .await;
    for service in [Service::OrderWorker, Service::BotBridge, Service::Auditor] {
        let intruder = Intruder::with_key_of(&broker, service).await;
        intruder.is_refused("progress.images.4711").await;
        intruder.is_deaf_to(&["typing.*".to_owned()]).await;
    }
}
