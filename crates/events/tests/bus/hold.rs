//! While a message waits here, the broker must not take it for lost.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use events::{Service, bus::consume::ConsumeOptions};
use testkit::Broker;

use crate::work::{
    OPTIONS, Recorder, all_done, credits, failed, redelivered, unavailable, with_ack_wait, work,
};

#[tokio::test(flavor = "multi_thread")]
async fn long_work_keeps_its_messages() {
    let broker = Broker::start().await;
    let consumer = with_ack_wait(&broker, Duration::from_millis(600)).await;
    broker.bus(Service::Vestnik).await.publish_all(&credits(0..4)).await.unwrap();
    let recorder = Recorder::new(async |messages: Vec<_>| {
        tokio::time::sleep(Duration::from_millis(1_500)).await;
        all_done(&messages)
    });
    let one = work(&broker, consumer, OPTIONS, recorder.clone()).await;
    let other = work(&broker, consumer, OPTIONS, recorder.clone()).await;
    recorder.wait_until_done(4).await;
    broker.consumed(&[consumer]).await;
    assert!(recorder.times().values().all(|times| *times == 1), "{:?}", recorder.calls());
    one.stop().await;
    other.stop().await;
}

/// A batch that failed is tried message by message: the last one waits longest.
#[tokio::test(flavor = "multi_thread")]
async fn messages_that_wait_for_their_turn_are_kept() {
    let broker = Broker::start().await;
    let consumer = with_ack_wait(&broker, Duration::from_millis(600)).await;
    broker.bus(Service::Vestnik).await.publish_all(&credits(0..8)).await.unwrap();
    let recorder = Recorder::new(async |messages: Vec<_>| {
        tokio::time::sleep(Duration::from_millis(150)).await;
        if messages.len() > 1 { failed("one of them") } else { all_done(&messages) }
    });
    let one = work(&broker, consumer, OPTIONS, recorder.clone()).await;
    let other = work(&broker, consumer, OPTIONS, recorder.clone()).await;
    recorder.wait_until_done(8).await;
    broker.consumed(&[consumer]).await;
    assert!(recorder.times().values().all(|times| *times == 1), "{:?}", recorder.calls());
    one.stop().await;
    other.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outage_holds_the_batch_and_costs_no_attempt() {
    let broker = Broker::start().await;
    let consumer = with_ack_wait(&broker, Duration::from_millis(600)).await;
    broker.bus(Service::Vestnik).await.publish_all(&credits(0..40)).await.unwrap();
    let outages = Arc::new(AtomicU32::new(0));
    let recorder = Recorder::new(move |messages: Vec<(i64, u32)>| {
        let outage = outages.fetch_add(1, Ordering::Relaxed) < 5;
        async move { if outage { unavailable("the database is away") } else { all_done(&messages) } }
    });
    // A single failure would give a message up.
    let options = ConsumeOptions { attempts: 1, ..OPTIONS };
    let working = work(&broker, consumer, options, recorder.clone()).await;
    recorder.wait_until_done(40).await;
    assert_eq!(redelivered(&broker).await, 0);
    broker.consumed(&[consumer]).await;
    working.stop().await;
    let calls = recorder.calls();
    assert!(calls.iter().flat_map(|call| &call.messages).all(|(_, attempt)| *attempt == 1), "{calls:?}");
    assert_eq!(calls[0].messages, calls[5].messages, "the same batch is held all the time");
    assert!(calls[5].at - calls[0].at > consumer.ack_wait, "the outage was longer than the broker waits");
    assert_eq!(recorder.done(), (0..40).collect::<Vec<_>>());
    broker.no_dead_letters().await;
}
