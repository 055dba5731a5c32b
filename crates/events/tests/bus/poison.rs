//! A message whose handler takes the process with it.

use std::{path::PathBuf, process::Stdio, time::Duration};

use events::{
    Bus, BusConfig, Service,
    bus::consume::ConsumeOptions,
    subjects::{DurableConsumer, ORDER_WORKER},
};
use testkit::Broker;
use tokio::process::Command;
use tokio_util::sync::CancellationToken;

use crate::work::{OPTIONS, Recorder, all_done, credits, with_ack_wait};

const ACK_WAIT: Duration = Duration::from_millis(300);
/// The amount that ends the process.
const DEADLY: i64 = 2;

const URL: &str = "VESTNIK_TEST_POISON_URL";
const KEYS: &str = "VESTNIK_TEST_POISON_KEYS";

#[tokio::test(flavor = "multi_thread")]
#[ignore = "the process that the test below starts again and again"]
async fn worker() {
    let (url, keys) = (std::env::var(URL).unwrap(), PathBuf::from(std::env::var_os(KEYS).unwrap()));
    let config = BusConfig { url, keys: Some(keys), service: Service::OrderWorker };
    let bus = Bus::connect(&config).await.unwrap();
    let handler = Recorder::new(async |messages: Vec<(i64, u32)>| {
        if messages.iter().any(|(amount, _)| *amount == DEADLY) {
            std::process::abort();
        }
        all_done(&messages)
    });
    let consumer = DurableConsumer { ack_wait: ACK_WAIT, ..ORDER_WORKER };
    bus.consume(consumer, ConsumeOptions { attempts: 8, ..OPTIONS }, &handler, CancellationToken::new())
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_given_up_and_the_others_are_handled() {
    let broker = Broker::start().await;
    with_ack_wait(&broker, ACK_WAIT).await;
    let wishes = credits(0..8);
    broker.bus(Service::Vestnik).await.publish_all(&wishes).await.unwrap();
    let mut deaths = 0;
    while broker.dead_letters().await == 0 {
        let mut worker = Command::new(std::env::current_exe().unwrap())
            .args(["poison::worker", "--exact", "--ignored"])
            .env(URL, broker.nats_url())
            .env(KEYS, broker.keys())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        tokio::select! {
            ended = worker.wait() => {
                assert!(!ended.unwrap().success());
                deaths += 1;
                assert!(deaths < 40, "it comes back for ever");
            }
            () = broker.consumed(&[ORDER_WORKER]) => break,
        }
    }
    assert!(deaths > 0, "nothing ended the process");
    let dead = broker.dead().await;
    let sequences: Vec<_> = dead.iter().map(|one| one.headers.get("vestnik-dead-sequence")).collect();
    assert_eq!(dead.len(), 1, "{sequences:?}");
    assert_eq!(dead[0].payload, wishes[2].body.as_bytes());
    let reason = dead[0].headers.get("vestnik-dead-reason").unwrap().as_str();
    assert!(reason.contains("never came back"), "{reason}");
}
