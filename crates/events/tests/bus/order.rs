use std::time::{Duration, Instant};

use events::{
    Service,
    bus::consume::ConsumeOptions,
    subjects::{DURABLE_CONSUMERS, DurableConsumer, ORDER_WORKER},
};
use testkit::Broker;

use crate::work::{OPTIONS, Recorder, all_done, credits, with_ack_wait, work};

#[tokio::test(flavor = "multi_thread")]
async fn messages_come_once_and_in_the_order_of_the_log() {
    let broker = Broker::start().await;
    broker.bus(Service::Vestnik).await.publish_all(&credits(0..1_000)).await.unwrap();
    let recorder = Recorder::new(async |messages: Vec<_>| all_done(&messages));
    let working = work(&broker, ORDER_WORKER, OPTIONS, recorder.clone()).await;
    recorder.wait_until_done(1_000).await;
    broker.consumed(&[ORDER_WORKER]).await;
    working.stop().await;
    assert_eq!(recorder.done(), (0..1_000).collect::<Vec<_>>());
    let sizes: Vec<usize> = recorder.calls().iter().map(|call| call.messages.len()).collect();
    assert!(sizes.iter().all(|size| *size <= OPTIONS.batch), "{sizes:?}");
    assert!(sizes.len() < 500, "what is there is taken in batches: {sizes:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_does_not_wait_for_more_than_there_is() {
    let broker = Broker::start().await;
    let recorder = Recorder::new(async |messages: Vec<_>| all_done(&messages));
    let working = work(&broker, ORDER_WORKER, OPTIONS, recorder.clone()).await;
    let bus = broker.bus(Service::Vestnik).await;
    for (round, wish) in credits(0..5).iter().enumerate() {
        bus.publish(wish).await.unwrap();
        recorder.wait_until_done(round + 1).await;
    }
    assert_eq!(recorder.calls().len(), 5);
    working.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_killed_worker_held_comes_again() {
    let broker = Broker::start().await;
    let consumer = with_ack_wait(&broker, Duration::from_secs(1)).await;
    broker.bus(Service::Vestnik).await.publish_all(&credits(0..5)).await.unwrap();
    let hanging = Recorder::new(async |_: Vec<_>| std::future::pending().await);
    let killed = work(&broker, consumer, OPTIONS, hanging.clone()).await;
    hanging.wait_until_called().await;
    killed.kill().await;
    let recorder = Recorder::new(async |messages: Vec<_>| all_done(&messages));
    let working = work(&broker, consumer, OPTIONS, recorder.clone()).await;
    recorder.wait_until_done(5).await;
    working.stop().await;
    let again: Vec<_> = recorder.calls().into_iter().flat_map(|call| call.messages).collect();
    for held in &hanging.calls()[0].messages {
        assert!(again.contains(&(held.0, 2)), "{held:?} in {again:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_workers_were_killed_over_comes_one_by_one_and_before_what_is_newer() {
    let broker = Broker::start().await;
    let ack_wait = Duration::from_millis(500);
    let consumer = with_ack_wait(&broker, ack_wait).await;
    let bus = broker.bus(Service::Vestnik).await;
    bus.publish_all(&credits(0..5)).await.unwrap();
    for _ in 0..2 {
        let hanging = Recorder::new(async |_: Vec<_>| std::future::pending().await);
        let killed = work(&broker, consumer, OPTIONS, hanging.clone()).await;
        hanging.wait_until_called().await;
        killed.kill().await;
    }
    bus.publish_all(&credits(5..8)).await.unwrap();
    // All that was held is free again before anybody asks.
    tokio::time::sleep(ack_wait * 2).await;
    let recorder = Recorder::new(async |messages: Vec<_>| all_done(&messages));
    let working = work(&broker, consumer, OPTIONS, recorder.clone()).await;
    recorder.wait_until_done(8).await;
    working.stop().await;
    assert_eq!(recorder.done(), (0..8).collect::<Vec<_>>());
    let sizes: Vec<usize> = recorder.calls().iter().map(|call| call.messages.len()).collect();
    assert_eq!(sizes[..5], [1; 5], "{sizes:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_for_its_turn_is_not_given_to_another_worker() {
    let broker = Broker::start().await;
    let ack_wait = Duration::from_millis(600);
    let consumer = with_ack_wait(&broker, ack_wait).await;
    broker.bus(Service::Vestnik).await.publish_all(&credits(0..12)).await.unwrap();
    for _ in 0..2 {
        let hanging = Recorder::new(async |_: Vec<_>| std::future::pending().await);
        let killed = work(&broker, consumer, OPTIONS, hanging.clone()).await;
        hanging.wait_until_called().await;
        killed.kill().await;
    }
    tokio::time::sleep(ack_wait * 2).await;
    // Each is quick, and all together take three times as long as the broker waits.
    let recorder = Recorder::new(async |messages: Vec<_>| {
        tokio::time::sleep(Duration::from_millis(150)).await;
        all_done(&messages)
    });
    let first = work(&broker, consumer, OPTIONS, recorder.clone()).await;
    recorder.wait_until_called().await;
    let second = work(&broker, consumer, OPTIONS, recorder.clone()).await;
    recorder.wait_until_done(12).await;
    broker.consumed(&[ORDER_WORKER]).await;
    first.stop().await;
    second.stop().await;
    assert_eq!(recorder.done(), (0..12).collect::<Vec<_>>());
}

/// A message that waits in an instance behind a slow batch could be handled by another one.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_fetched_ahead() {
    let broker = Broker::start().await;
    broker.bus(Service::Vestnik).await.publish_all(&credits(0..20)).await.unwrap();
    let options = ConsumeOptions { batch: 4, ..OPTIONS };
    let slow = Recorder::new(async |_: Vec<_>| std::future::pending().await);
    let first = work(&broker, ORDER_WORKER, options, slow.clone()).await;
    slow.wait_until_called().await;
    let held = slow.calls()[0].messages.len();
    let quick = Recorder::new(async |messages: Vec<_>| all_done(&messages));
    let second = work(&broker, ORDER_WORKER, options, quick.clone()).await;
    let started = Instant::now();
    quick.wait_until_done(20 - held).await;
    assert!(started.elapsed() < Duration::from_secs(10), "it took {:?}", started.elapsed());
    assert_eq!(slow.calls().len(), 1);
    first.stop().await;
    second.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_consumer_gets_what_it_filters_for() {
    let broker = Broker::start().await;
    let bus = broker.bus(Service::Vestnik).await;
    bus.publish_all(&credits(0..3)).await.unwrap();
    let provision = broker.bus(Service::Provision).await;
    for lane in DURABLE_CONSUMERS.iter().flat_map(DurableConsumer::lanes) {
        let pending = provision.consumer_info(&lane.name).await.unwrap().num_pending;
        assert_eq!(pending, if lane.name == ORDER_WORKER.name { 3 } else { 0 }, "{}", lane.name);
    }
}
