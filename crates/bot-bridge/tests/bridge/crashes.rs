use diesel_async::RunQueryDsl as _;
use telegram_sim::Fault;
use testkit::System;

use crate::scene::{ANNA, BORIS, Bridge, Scene};

#[tokio::test(flavor = "multi_thread")]
async fn an_attempt_without_an_outcome_is_unknown_after_a_crash_and_not_repeated() {
    let (scene, bridge) = Scene::with_bridge().await;
    scene.sim.add_fault(Fault::slow(60_000).on("sendMessage").in_chat(ANNA).times(1).after_the_work());
    scene.reply(ANNA, 0, "один").await;
    scene.wait_for_told(ANNA, 1).await;
    // It is delivered, but nobody here knows.
    bridge.crash().await;
    scene.reply(BORIS, 0, "дальше").await;
    let bridge = scene.bridge();
    assert_eq!(scene.outcomes(2).await, ["unknown 1 interrupted", "sent 1"]);
    scene.settled().await;
    assert_eq!(scene.told(ANNA), ["один"]);
    bridge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_queued_before_a_crash_is_sent_after_it_in_order() {
    let scene = Scene::new().await;
    let mut config = scene.config();
    config.telegram.chat_rate = 0.5;
    config.telegram.chat_burst = 1;
    let bridge = Bridge::start(config);
    scene.greet().await;
    for number in 0..5 {
        scene.reply(ANNA, number, &number.to_string()).await;
    }
    scene.outcomes(1).await;
    scene.settled().await;
    bridge.crash().await;
    let bridge = scene.bridge();
    assert_eq!(scene.wait_for_told(ANNA, 5).await, ["0", "1", "2", "3", "4"]);
    assert_eq!(scene.outcomes(5).await, vec!["sent 1"; 5]);
    bridge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_from_before_bots_had_numbers_is_sent() {
    let scene = Scene::new().await;
    let mut config = scene.config();
    config.telegram.chat_rate = 0.1;
    config.telegram.chat_burst = 1;
    let bridge = Bridge::start(config);
    scene.greet().await;
    for number in 0..2 {
        scene.reply(ANNA, number, &number.to_string()).await;
    }
    scene.outcomes(1).await;
    scene.settled().await;
    bridge.crash().await;
    let mut conn = scene.system.conn().await;
    let changed = diesel::sql_query("UPDATE calls SET bot_id = 0").execute(&mut conn).await.unwrap();
    assert_eq!(changed, 2);
    drop(conn);
    let bridge = scene.bridge();
    assert_eq!(scene.wait_for_told(ANNA, 2).await, ["0", "1"]);
    bridge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_under_way_at_a_graceful_stop_keep_their_outcome() {
    let (scene, bridge) = Scene::with_bridge().await;
    scene.sim.add_fault(Fault::slow(500).on("sendMessage").times(1).after_the_work());
    scene.reply(ANNA, 0, "один").await;
    scene.wait_for_told(ANNA, 1).await;
    bridge.stop().await;
    assert_eq!(scene.outcomes(1).await, ["sent 1"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_dies_meanwhile_loses_and_repeats_nothing() {
    let mut scene = Scene::in_system(System::with_own_postgres().await).await;
    let bridge = scene.bridge();
    scene.greet().await;
    scene.sim.add_fault(Fault::slow(300).on("sendMessage").in_chat(ANNA).times(1).after_the_work());
    scene.reply(ANNA, 0, "один").await;
    scene.wait_for_told(ANNA, 1).await;
    scene.system.crash_postgres(async {}).await;
    scene.reply(ANNA, 1, "два").await;
    scene.reply(BORIS, 0, "три").await;
    scene.wait_for_told(ANNA, 2).await;
    scene.wait_for_told(BORIS, 1).await;
    let outcomes = scene.outcomes(3).await;
    // The first one's outcome may or may not have reached the database in time, but it has one.
    assert!(outcomes.iter().filter(|outcome| *outcome == "sent 1").count() >= 2, "{outcomes:?}");
    assert_eq!(scene.told(ANNA), ["один", "два"]);
    scene.settled().await;
    bridge.stop().await;
}
