use std::time::{Duration, Instant};

use events::{Service, bus::consume::ConsumeOptions};
use testkit::{Broker, wait_for};

use crate::work::{OPTIONS, Recorder, all_done, credits, failed, with_ack_wait, work};

/// After this the broker would give it to another instance by itself.
const ACK_WAIT: Duration = Duration::from_secs(30);
const AT_ONCE: Duration = Duration::from_secs(5);

#[tokio::test(flavor = "multi_thread")]
async fn what_is_unfinished_is_given_back_at_once() {
    let broker = Broker::start().await;
    let consumer = with_ack_wait(&broker, ACK_WAIT).await;
    broker.bus(Service::Vestnik).await.publish_all(&credits(0..40)).await.unwrap();
    let hanging = Recorder::new(async |_: Vec<_>| std::future::pending().await);
    let stopped = work(&broker, consumer, OPTIONS, hanging.clone()).await;
    hanging.wait_until_called().await;
    let recorder = Recorder::new(async |messages: Vec<_>| all_done(&messages));
    let other = work(&broker, consumer, OPTIONS, recorder.clone()).await;
    let held = hanging.calls()[0].messages.len();
    recorder.wait_until_done(40 - held).await;
    let started = Instant::now();
    stopped.stop().await;
    recorder.wait_until_done(40).await;
    assert!(started.elapsed() < AT_ONCE, "it took {:?}", started.elapsed());
    broker.consumed(&[consumer]).await;
    other.stop().await;
    assert!(recorder.times().values().all(|times| *times == 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_for_its_turn_is_given_back_too() {
    let broker = Broker::start().await;
    let consumer = with_ack_wait(&broker, ACK_WAIT).await;
    broker.bus(Service::Vestnik).await.publish_all(&credits(0..10)).await.unwrap();
    let hanging = Recorder::new(async |messages: Vec<(i64, u32)>| match &messages[..] {
        [(2, _)] => std::future::pending().await,
        [_] => all_done(&messages),
        _ => failed("one of them"),
    });
    let stopped = work(&broker, consumer, OPTIONS, hanging.clone()).await;
    hanging.wait_until_done(2).await;
    let started = Instant::now();
    stopped.stop().await;
    let recorder = Recorder::new(async |messages: Vec<_>| all_done(&messages));
    let other = work(&broker, consumer, OPTIONS, recorder.clone()).await;
    recorder.wait_until_done(8).await;
    assert!(started.elapsed() < AT_ONCE, "it took {:?}", started.elapsed());
    broker.consumed(&[consumer]).await;
    other.stop().await;
    let mut done = recorder.done();
    done.sort_unstable();
    assert_eq!(done, (2..10).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_in_hand_is_finished_within_the_grace() {
    let broker = Broker::start().await;
    let consumer = with_ack_wait(&broker, ACK_WAIT).await;
    broker.bus(Service::Vestnik).await.publish_all(&credits(0..3)).await.unwrap();
    let recorder = Recorder::new(async |messages: Vec<_>| {
        tokio::time::sleep(Duration::from_millis(300)).await;
        all_done(&messages)
    });
    let options = ConsumeOptions { grace: Duration::from_secs(10), ..OPTIONS };
    let working = work(&broker, consumer, options, recorder.clone()).await;
    recorder.wait_until_called().await;
    let took = working.stop().await;
    assert!(took < AT_ONCE, "it took {took:?}");
    let done = recorder.done();
    assert_eq!(done.len(), recorder.calls()[0].messages.len());
    let provision = broker.bus(Service::Provision).await;
    let info = provision.consumer_info(consumer.name).await.unwrap();
    assert_eq!(info.num_ack_pending, 0);
    assert_eq!(info.num_pending, 3 - done.len() as u64);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_idle_worker_stops_at_once() {
    let broker = Broker::start().await;
    let consumer = with_ack_wait(&broker, ACK_WAIT).await;
    let recorder = Recorder::new(async |messages: Vec<_>| all_done(&messages));
    let working = work(&broker, consumer, OPTIONS, recorder).await;
    let took = working.stop().await;
    assert!(took < Duration::from_secs(1), "it took {took:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_stops_although_the_broker_is_away() {
    let mut broker = Broker::start().await;
    let consumer = with_ack_wait(&broker, ACK_WAIT).await;
    broker.bus(Service::Vestnik).await.publish_all(&credits(0..3)).await.unwrap();
    let hanging = Recorder::new(async |_: Vec<_>| std::future::pending().await);
    let working = work(&broker, consumer, OPTIONS, hanging.clone()).await;
    hanging.wait_until_called().await;
    let mut took = Duration::MAX;
    broker.crash(async { took = working.stop().await }).await;
    assert!(took < AT_ONCE, "it took {took:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_is_closed_although_the_broker_is_away() {
    let mut broker = Broker::start().await;
    let bus = broker.bus(Service::Vestnik).await;
    broker
        .crash(async {
            wait_for("the connection to be gone", async || !bus.is_connected()).await;
            // Until nothing more can be kept for later: closing has to wait, too.
            let say = || bus.core().publish("typing.4242", "x".into());
            while tokio::time::timeout(Duration::from_millis(200), say()).await.is_ok() {}
            tokio::time::timeout(AT_ONCE, bus.close()).await.expect("it closes within 5 s");
        })
        .await;
}
