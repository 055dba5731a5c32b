use std::time::{Duration, Instant};

use events::{Service, subjects};
use futures::StreamExt as _;
use serde_json::Value;
use telegram_sim::Fault;
use tokio::time::timeout;

use crate::scene::{ANNA, BOT, Scene};

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_that_must_wait_says_until_when() {
    let (scene, bridge) = Scene::with_bridge().await;
    let edge = scene.system.bus(Service::HttpEdge).await;
    let mut told = edge.core().subscribe(subjects::waiting(ANNA)).await.unwrap();
    edge.core().flush().await.unwrap();
    scene.sim.add_fault(Fault::too_many_requests(2).on("sendMessage").in_chat(ANNA).times(1));
    let id = scene.reply(ANNA, 0, "позже").await;
    let mut next = async || -> Value {
        let message = timeout(Duration::from_secs(10), told.next()).await.unwrap().unwrap();
        serde_json::from_slice(&message.payload).unwrap()
    };
    assert_eq!(next().await["state"], "sending");
    let waits = next().await;
    assert_eq!((waits["state"].as_str(), waits["userId"].as_i64()), (Some("queued"), Some(ANNA)));
    assert_eq!((waits["messageId"].as_str(), &waits["part"]), (Some(id.to_string().as_str()), &0.into()));
    let until: jiff::Timestamp = waits["nextAttemptAt"].as_str().unwrap().parse().unwrap();
    let left = until.duration_since(jiff::Timestamp::now()).as_secs_f64();
    assert!((0.5..=2.1).contains(&left), "{left} s");

    // What comes behind it waits as long.
    scene.reply(ANNA, 1, "ещё позже").await;
    let behind: jiff::Timestamp = next().await["nextAttemptAt"].as_str().unwrap().parse().unwrap();
    assert!(behind.duration_since(until).as_secs_f64().abs() < 0.01, "{behind} and {until}");
    assert_eq!(next().await["state"], "sending");
    assert_eq!(scene.wait_for_told(ANNA, 2).await, ["позже", "ещё позже"]);
    bridge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_telegram_wants_later_is_not_sent_earlier_by_the_next_bridge() {
    let (scene, bridge) = Scene::with_bridge().await;
    scene.sim.add_fault(Fault::too_many_requests(4).on("sendMessage").in_chat(ANNA).times(1));
    scene.reply(ANNA, 0, "позже").await;
    scene.calls_begun("sendMessage", 1).await;
    let refused = Instant::now();
    // Until the database has it: otherwise nobody would know.
    let mut conn = scene.system.conn().await;
    testkit::wait_for("the refusal to be recorded", async || {
        let queued = store::calls::queued(&mut conn, 123_456, (-1, 0), 10).await.unwrap();
        queued.iter().any(|call| call.not_before.is_some())
    })
    .await;
    drop(conn);
    bridge.crash().await;
    let bridge = scene.bridge();
    scene.wait_for_told(ANNA, 1).await;
    assert!(refused.elapsed() >= Duration::from_millis(3_900), "after {:?}", refused.elapsed());
    assert_eq!(scene.sim.calls("sendMessage").total, 2);
    bridge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pause_of_the_whole_bot_is_told_to_all_and_outlives_the_bridge() {
    let (scene, bridge) = Scene::with_bridge().await;
    let others = [51, 52, 53];
    for user in others {
        scene.phone(user).text("/start").unwrap();
    }
    scene.wait_for_events("chat.message-received", 5).await;
    let edge = scene.system.bus(Service::HttpEdge).await;
    let mut told = edge.core().subscribe(subjects::waiting(ANNA)).await.unwrap();
    edge.core().flush().await.unwrap();

    scene.sim.add_fault(Fault::too_many_requests(5).on("sendMessage").times(3));
    for user in others {
        scene.reply(user, 0, "тоже позже").await;
    }
    scene.calls_begun("sendMessage", 3).await;
    let refused = Instant::now();
    let mut conn = scene.system.conn().await;
    testkit::wait_for("the pause to be recorded", async || {
        store::calls::paused(&mut conn, BOT).await.unwrap().is_some()
    })
    .await;
    let id = scene.reply(ANNA, 0, "позже").await;
    let message = timeout(Duration::from_secs(10), told.next()).await.unwrap().unwrap();
    let waits: Value = serde_json::from_slice(&message.payload).unwrap();
    assert_eq!((&waits["state"], &waits["messageId"]), (&"queued".into(), &id.to_string().into()));
    assert!(waits["nextAttemptAt"].is_string(), "{waits}");

    bridge.crash().await;
    let bridge = scene.bridge();
    scene.wait_for_told(ANNA, 1).await;
    assert!(refused.elapsed() >= Duration::from_millis(4_800), "after {:?}", refused.elapsed());
    for user in others {
        scene.wait_for_told(user, 1).await;
    }
    assert_eq!(scene.sim.calls("sendMessage").total, 7);
    bridge.stop().await;
}
