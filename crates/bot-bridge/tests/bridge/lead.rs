use diesel_async::RunQueryDsl as _;
use telegram_sim::Fault;
use testkit::wait_for;

use crate::scene::{ANNA, Scene};

#[tokio::test(flavor = "multi_thread")]
async fn one_bridge_is_active_and_another_takes_over_when_it_dies() {
    let (scene, first) = Scene::with_bridge().await;
    let second = scene.bridge();
    for number in 0..5 {
        scene.reply(ANNA, number, &number.to_string()).await;
    }
    scene.outcomes(5).await;
    let conflicts = scene.sim.calls("getUpdates").failed.get(&409).copied();
    assert_eq!(conflicts, None, "two bridges poll at once");
    first.crash().await;
    for number in 5..10 {
        scene.reply(ANNA, number, &number.to_string()).await;
    }
    scene.phone(ANNA).text("вы тут?").unwrap();
    let expected: Vec<String> = (0..10).map(|number| number.to_string()).collect();
    assert_eq!(scene.wait_for_told(ANNA, 10).await, expected);
    scene.wait_for_events("chat.message-received", 3).await;
    second.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bridge_whose_lock_is_gone_hands_over_and_nothing_is_sent_twice() {
    let (scene, first) = Scene::with_bridge().await;
    let second = scene.bridge();
    scene.sim.add_fault(Fault::slow(600).on("sendMessage").times(1).after_the_work());
    scene.reply(ANNA, 0, "0").await;
    scene.wait_for_told(ANNA, 1).await;
    let terminate = "SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_database ON oid = database
                     WHERE locktype = 'advisory' AND granted AND datname = current_database()";
    let mut conn = scene.system.conn().await;
    assert_eq!(diesel::sql_query(terminate).execute(&mut conn).await.unwrap(), 1);
    drop(conn);
    for number in 1..4 {
        scene.reply(ANNA, number, &number.to_string()).await;
    }
    assert_eq!(scene.wait_for_told(ANNA, 4).await, ["0", "1", "2", "3"]);
    // Whoever took over gave the first one up or not; what is certain stands last.
    wait_for("four to be known as sent", async || {
        scene.outcomes(4).await.iter().filter(|outcome| *outcome == "sent 1").count() == 4
    })
    .await;
    scene.settled().await;
    assert_eq!(scene.told(ANNA).len(), 4);
    first.stop().await;
    second.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_token_it_says_what_to_set() {
    let scene = Scene::new().await;
    let mut config = scene.config();
    config.telegram.operator_bot_token = None;
    let error = bot_bridge::run(config, process::Shutdown::new()).await.unwrap_err();
    assert!(error.to_string().contains("OPERATOR_BOT_TOKEN"), "{error}");
}
