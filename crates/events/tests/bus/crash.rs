use std::{
    path::Path,
    time::{Duration, Instant},
};

use events::{
    Service,
    bus::{TailStart, provision},
    subjects::ORDER_WORKER,
};
use testkit::{Broker, wait_for};

use crate::work::{OPTIONS, Recorder, all_done, amount, credit, credits, with_ack_wait, work};

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_of_the_broker_loses_and_repeats_nothing() {
    let mut broker = Broker::start().await;
    let consumer = with_ack_wait(&broker, Duration::from_secs(2)).await;
    let recorder = Recorder::new(async |messages: Vec<_>| all_done(&messages));
    let working = work(&broker, consumer, OPTIONS, recorder.clone()).await;
    let bus = broker.bus(Service::Vestnik).await;
    let mut tail = bus.tail(&[], TailStart::Beginning).await.unwrap();
    let publishing = tokio::spawn(async move {
        for wish in credits(0..2_000) {
            bus.publish(&wish).await.unwrap();
        }
    });
    recorder.wait_until_done(100).await;
    assert!(recorder.done().len() < 2_000, "the crash came too late");
    broker.crash(async {}).await;
    publishing.await.unwrap();
    wait_for("all to be handled", async || recorder.times().len() == 2_000).await;
    broker.consumed(&[ORDER_WORKER]).await;
    working.stop().await;
    // Each under its own id once, in order, although publishing was repeated. What was in hand at the
    // crash may have been handled twice.
    let log = broker.log().await;
    let amounts: Vec<i64> = log.iter().map(|message| amount(&message.decode().unwrap())).collect();
    assert!(amounts.iter().copied().eq(0..2_000), "{amounts:?}");
    for expected in &log {
        let message = tail.next().await.unwrap().unwrap();
        assert_eq!((message.sequence, &message.body), (expected.sequence, &expected.body));
    }
    broker.no_dead_letters().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_published_in_order_is_in_order_although_the_broker_crashed() {
    let mut broker = Broker::start().await;
    let bus = broker.bus(Service::Vestnik).await;
    let wishes = credits(0..4_000);
    let stored = async |broker: &Broker| broker.log().await.len();
    let publishing = tokio::spawn(async move {
        // As a caller does that is told that the broker did not answer.
        while bus.publish_in_order(&wishes).await.is_err() {}
    });
    while stored(&broker).await == 0 {}
    broker.crash(async {}).await;
    assert!(stored(&broker).await < 4_000, "the crash came too late");
    publishing.await.unwrap();
    let amounts: Vec<i64> =
        broker.log().await.iter().map(|message| amount(&message.decode().unwrap())).collect();
    assert!(amounts.iter().copied().eq(0..4_000), "{amounts:?}");
}

/// Nobody may delete a consumer; an administrator on the server's disk can.
#[tokio::test(flavor = "multi_thread")]
async fn a_consumer_that_was_lost_is_read_on_when_it_is_there_again() {
    let mut broker = Broker::start().await;
    let recorder = Recorder::new(async |messages: Vec<_>| all_done(&messages));
    let working = work(&broker, ORDER_WORKER, OPTIONS, recorder.clone()).await;
    let bus = broker.bus(Service::Vestnik).await;
    bus.publish(&credit(1)).await.unwrap();
    recorder.wait_until_done(1).await;
    let store = broker.folder().join("store");
    broker.crash(async { remove_consumer(&store) }).await;
    let provision = broker.bus(Service::Provision).await;
    assert!(provision.consumer_info(ORDER_WORKER.name).await.is_err(), "the consumer is still there");
    provision::events(&provision, 1).await.unwrap();
    bus.publish(&credit(2)).await.unwrap();
    wait_for("the new message", async || recorder.done().contains(&2)).await;
    working.stop().await;
}

fn remove_consumer(folder: &Path) {
    for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.ends_with(ORDER_WORKER.name) {
            std::fs::remove_dir_all(entry).unwrap();
        } else if entry.is_dir() {
            remove_consumer(&entry);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_impatient_publisher_is_told_that_the_outcome_is_unknown() {
    let mut broker = Broker::start().await;
    let bus = broker.bus(Service::Vestnik).await;
    let wish = credit(1);
    let error = {
        let mut error = None;
        broker
            .crash(async {
                let started = Instant::now();
                error = bus.publish_within(&wish, Duration::from_millis(300)).await.err();
                assert!(started.elapsed() < Duration::from_secs(2), "it took {:?}", started.elapsed());
            })
            .await;
        error.expect("nobody was there to acknowledge")
    };
    assert_eq!(error.subject, wish.subject);
    // Whichever of the two the broker got, it has the event once.
    bus.publish(&wish).await.unwrap();
    assert_eq!(broker.log().await.len(), 1);
}
