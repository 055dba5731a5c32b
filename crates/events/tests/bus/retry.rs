use std::time::Duration;

use events::{Service, bus::consume::ConsumeOptions, subjects::ORDER_WORKER};
use testkit::{Broker, wait_for};

use crate::work::{OPTIONS, Recorder, all_done, credit, credits, failed, work};

#[tokio::test(flavor = "multi_thread")]
async fn a_failing_message_is_tried_later_and_later_and_then_given_up() {
    let broker = Broker::start().await;
    broker.bus(Service::Vestnik).await.publish(&credit(1)).await.unwrap();
    let recorder = Recorder::new(async |_: Vec<_>| failed("the tax office is closed"));
    let options = ConsumeOptions { attempts: 4, ..OPTIONS };
    let working = work(&broker, ORDER_WORKER, options, recorder.clone()).await;
    wait_for("the message to be given up", async || broker.dead_letters().await == 1).await;
    broker.consumed(&[ORDER_WORKER]).await;
    working.stop().await;
    let calls = recorder.calls();
    let attempts: Vec<_> = calls.iter().map(|call| call.messages.clone()).collect();
    assert_eq!(attempts, [[(1, 1)], [(1, 2)], [(1, 3)], [(1, 4)]]);
    // 100, 200 and 400 ms, of which jitter takes away a half at the most.
    for (pair, least) in calls.windows(2).zip([50, 100, 200]) {
        let waited = pair[1].at - pair[0].at;
        assert!(waited >= Duration::from_millis(least), "tried again after {waited:?}");
    }
    let dead = &broker.dead().await[0];
    assert_eq!(dead.headers.get("vestnik-dead-attempts").unwrap().as_str(), "4");
    assert_eq!(dead.headers.get("vestnik-dead-reason").unwrap().as_str(), "the tax office is closed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_fails_once_is_handled_the_second_time() {
    let broker = Broker::start().await;
    broker.bus(Service::Vestnik).await.publish(&credit(1)).await.unwrap();
    let recorder = Recorder::new(async |messages: Vec<(i64, u32)>| match messages[0] {
        (_, 1) => failed("not now"),
        _ => all_done(&messages),
    });
    let working = work(&broker, ORDER_WORKER, OPTIONS, recorder.clone()).await;
    recorder.wait_until_done(1).await;
    broker.consumed(&[ORDER_WORKER]).await;
    working.stop().await;
    assert_eq!(recorder.calls().len(), 2);
    broker.no_dead_letters().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_is_a_failure() {
    let broker = Broker::start().await;
    broker.bus(Service::Vestnik).await.publish_all(&credits(0..4)).await.unwrap();
    let recorder = Recorder::new(async |messages: Vec<(i64, u32)>| {
        assert!(!messages.iter().any(|(amount, _)| *amount == 2), "two is too much");
        all_done(&messages)
    });
    let options = ConsumeOptions { attempts: 2, ..OPTIONS };
    let working = work(&broker, ORDER_WORKER, options, recorder.clone()).await;
    wait_for("the message to be given up", async || broker.dead_letters().await == 1).await;
    broker.consumed(&[ORDER_WORKER]).await;
    working.stop().await;
    assert_eq!(recorder.done(), [0, 1, 3]);
    let dead = &broker.dead().await[0];
    assert_eq!(dead.headers.get("vestnik-dead-reason").unwrap().as_str(), "panic: two is too much");
    assert_eq!(dead.headers.get("vestnik-dead-attempts").unwrap().as_str(), "2");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_poison_message_in_a_full_batch_harms_only_itself() {
    let broker = Broker::start().await;
    broker.bus(Service::Vestnik).await.publish_all(&credits(0..256)).await.unwrap();
    let recorder = Recorder::new(async |messages: Vec<(i64, u32)>| {
        if messages.iter().any(|(amount, _)| *amount == 77) { failed("poison") } else { all_done(&messages) }
    });
    let options = ConsumeOptions { batch: 256, attempts: 2, ..OPTIONS };
    let working = work(&broker, ORDER_WORKER, options, recorder.clone()).await;
    wait_for("the poison to be given up", async || broker.dead_letters().await == 1).await;
    broker.consumed(&[ORDER_WORKER]).await;
    working.stop().await;
    assert!(recorder.calls().iter().any(|call| call.messages.len() > 100), "a large batch was tried whole");
    let times = recorder.times();
    assert_eq!(times.len(), 255);
    assert!(times.values().all(|times| *times == 1), "{times:?}");
    assert!(!times.contains_key(&77));
}

/// An answer for fewer messages than were given would acknowledge some that nobody has handled.
#[tokio::test(flavor = "multi_thread")]
async fn a_handler_answers_for_every_message() {
    let broker = Broker::start().await;
    broker.bus(Service::Vestnik).await.publish(&credit(1)).await.unwrap();
    let recorder = Recorder::new(async |_: Vec<_>| Ok(Vec::new()));
    let options = ConsumeOptions { attempts: 1, ..OPTIONS };
    let working = work(&broker, ORDER_WORKER, options, recorder.clone()).await;
    wait_for("the message to be given up", async || broker.dead_letters().await == 1).await;
    working.stop().await;
}
