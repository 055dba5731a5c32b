use std::time::{Duration, Instant};

use diesel_async::RunQueryDsl as _;
use events::{
    chats::{ChatBanned, ChatEvent, DeleteRequested, ReplyRequested},
    derived_id,
};
use telegram_sim::Fault;

use crate::scene::{ANNA, BORIS, Bridge, Scene, saying};

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_is_sent_and_its_outcome_told() {
    let (scene, bridge) = Scene::with_bridge().await;
    let question = scene.phone(ANNA).text("вопрос").unwrap();
    scene
        .publish(ReplyRequested {
            message_id: derived_id(&["reply"]),
            reply_to_telegram_id: Some(i64::from(question)),
            ..saying("ответ")
        })
        .await;
    let sent = scene.wait_for_events("chat.reply-sent", 1).await;
    let told = scene.phone(ANNA).from_bot();
    assert_eq!((told.len(), told[0].words(), told[0].reply_to), (1, "ответ", Some(question)));
    let ChatEvent::ReplySent(sent) = &sent[0] else { panic!("{sent:?}") };
    assert_eq!(sent.telegram_message_id, i64::from(told[0].message_id));
    assert_eq!((sent.message_id, sent.attempt), (derived_id(&["reply"]), 1));
    scene.settled().await;
    bridge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_order_within_a_chat_is_kept_through_refusals() {
    let (scene, bridge) = Scene::with_bridge().await;
    scene.sim.add_fault(Fault::slow(20).on("sendMessage").times(3));
    scene.sim.add_fault(Fault::too_many_requests(1).on("sendMessage").in_chat(ANNA).times(1));
    for number in 0..12 {
        scene.reply(ANNA, number, &format!("анна {number}")).await;
        scene.reply(BORIS, number, &format!("борис {number}")).await;
    }
    for (user, name) in [(ANNA, "анна"), (BORIS, "борис")] {
        let expected: Vec<String> = (0..12).map(|number| format!("{name} {number}")).collect();
        assert_eq!(scene.wait_for_told(user, 12).await, expected);
    }
    assert_eq!(scene.outcomes(24).await, vec!["sent 1"; 24]);
    scene.settled().await;
    bridge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn too_many_requests_delays_that_chat_and_no_other_and_counts_as_nothing() {
    let (scene, bridge) = Scene::with_bridge().await;
    scene.sim.add_fault(Fault::too_many_requests(2).on("sendMessage").in_chat(ANNA).times(1));
    let started = Instant::now();
    scene.reply(ANNA, 0, "позже").await;
    scene.calls_begun("sendMessage", 1).await;
    scene.reply(BORIS, 0, "сразу").await;
    scene.wait_for_told(BORIS, 1).await;
    assert!(started.elapsed() < Duration::from_secs(2), "Boris waited for Anna");
    assert!(scene.told(ANNA).is_empty());
    scene.wait_for_told(ANNA, 1).await;
    assert!(started.elapsed() >= Duration::from_secs(2), "sent before Telegram allowed it");
    assert_eq!(scene.outcomes(2).await, ["sent 1", "sent 1"]);
    assert_eq!(scene.sim.calls("sendMessage").total, 3);
    bridge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_blocked_the_bot_is_not_written_to() {
    let (scene, bridge) = Scene::with_bridge().await;
    // Telegram tells of a block at once; here the refusal is the first to say it.
    scene.sim.add_fault(Fault::error(403).on("sendMessage").in_chat(ANNA).times(1));
    let id = scene.reply(ANNA, 0, "ответ").await;
    scene.wait_for_events("chat.bot-blocked", 1).await;
    assert_eq!(scene.outcomes(1).await, ["failed 1 bot_blocked"]);
    let failed = scene.wait_for_events("chat.reply-failed", 1).await;
    let ChatEvent::ReplyFailed(failed) = &failed[0] else { panic!("{failed:?}") };
    assert!(failed.reason.starts_with("Forbidden"), "Telegram's own words, not {:?}", failed.reason);

    scene.retry(ANNA, id).await;
    assert_eq!(scene.outcomes(2).await[1], "sent 2");
    assert_eq!(scene.told(ANNA), ["ответ"]);
    bridge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_does_not_come_is_unknown_and_nothing_is_repeated() {
    let (scene, bridge) = Scene::with_bridge().await;
    scene.sim.add_fault(Fault::hang().on("sendMessage").times(1).after_the_work());
    let hung = scene.reply(ANNA, 0, "один").await;
    assert_eq!(scene.outcomes(1).await, ["unknown 1 timed_out"]);
    scene.sim.add_fault(Fault::reset().on("sendMessage").times(1).after_the_work());
    scene.reply(ANNA, 1, "два").await;
    assert_eq!(scene.outcomes(2).await[1], "unknown 1 timed_out");
    scene.sim.add_fault(Fault::error(502).on("sendMessage").times(1));
    scene.reply(ANNA, 2, "три").await;
    assert_eq!(scene.outcomes(3).await[2], "unknown 1 timed_out");
    scene.reply(ANNA, 3, "четыре").await;
    assert_eq!(scene.outcomes(4).await[3], "sent 1");
    assert_eq!(scene.told(ANNA), ["один", "два", "четыре"], "nothing came twice");

    bridge.stop().await;
    let bridge = scene.bridge();
    scene.retry(ANNA, hung).await;
    assert_eq!(scene.outcomes(5).await[4], "sent 2");
    assert_eq!(scene.told(ANNA), ["один", "два", "четыре", "один"], "only what was asked for again");
    scene.retry(ANNA, hung).await;
    scene.settled().await;
    assert_eq!(scene.sim.calls("sendMessage").total, 5, "what was sent is not sent again");
    bridge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_connection_nothing_was_sent_and_it_is_sent_later() {
    let scene = Scene::new().await;
    let mut config = scene.config();
    let address = testkit::free_address();
    config.telegram.telegram_api_url = format!("http://{address}");
    let bridge = Bridge::start(config);
    scene.reply(ANNA, 0, "ответ").await;
    scene.settled().await;

    let late = telegram_sim::Config { listen: address, ..telegram_sim::Config::for_tests() };
    let late = telegram_sim::start(late).await.unwrap();
    late.phone(ANNA).text("/start").unwrap();
    assert_eq!(scene.outcomes(1).await, ["sent 1"]);
    assert_eq!(late.phone(ANNA).from_bot().len(), 1);
    bridge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_is_too_long_is_not_even_tried() {
    let (scene, bridge) = Scene::with_bridge().await;
    // Each of these is two UTF-16 units.
    scene.reply(ANNA, 0, &"😀".repeat(2_049)).await;
    scene.reply(ANNA, 1, &"😀".repeat(2_048)).await;
    let mut outcomes = scene.outcomes(2).await;
    outcomes.sort();
    assert_eq!(outcomes, ["failed 1 message_too_long", "sent 1"]);
    assert_eq!(scene.sim.calls("sendMessage").total, 1);
    bridge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pace_of_a_chat_is_held_while_others_go_on() {
    let scene = Scene::new().await;
    let mut config = scene.config();
    config.telegram.chat_rate = 1.0;
    let bridge = Bridge::start(config);
    scene.greet().await;
    let started = Instant::now();
    for number in 0..4 {
        scene.reply(ANNA, number, "анна").await;
    }
    scene.reply(BORIS, 0, "борис").await;
    scene.wait_for_told(BORIS, 1).await;
    scene.wait_for_told(ANNA, 3).await;
    assert!(started.elapsed() < Duration::from_millis(900), "a burst of three goes at once");
    scene.wait_for_told(ANNA, 4).await;
    assert!(started.elapsed() >= Duration::from_millis(900), "the fourth waits for its second");
    bridge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_when_somebody_is_banned_is_not_said_any_more() {
    let (scene, bridge) = Scene::with_bridge().await;
    let sent = scene.reply(ANNA, 0, "ещё можно").await;
    scene.wait_for_told(ANNA, 1).await;
    scene.sim.add_fault(Fault::too_many_requests(2).on("sendMessage").in_chat(ANNA).times(1));
    scene.reply(ANNA, 1, "ждёт").await;
    scene.calls_begun("sendMessage", 2).await;
    scene.publish(ChatBanned { user_id: ANNA, reason: "спам".into() }).await;
    scene.fold().await;
    scene.reply(BORIS, 0, "другому").await;
    let operator_id = events::derived_id(&["operator"]);
    scene.publish(DeleteRequested { user_id: ANNA, message_id: sent, operator_id }).await;
    assert_eq!(scene.outcomes(3).await, ["sent 1", "sent 1", "failed 1 banned"]);
    scene.wait_for_events("chat.reply-deleted", 1).await;
    assert_eq!(scene.wait_for_told(BORIS, 1).await, ["другому"]);
    // The one that was taken back, and the one that was refused.
    assert_eq!(scene.sim.calls("sendMessage").total, 3);
    scene.settled().await;
    bridge.stop().await;
}

#[derive(diesel::QueryableByName)]
struct Kept {
    #[diesel(sql_type = diesel::sql_types::Text)]
    kept: String,
}

#[tokio::test(flavor = "multi_thread")]
async fn of_what_was_sent_little_is_kept_and_of_what_may_be_sent_again_all() {
    let (scene, bridge) = Scene::with_bridge().await;
    let kept = async || {
        let rows =
            "SELECT state || ' ' || task::text || ' ' || (cause = '{}')::text AS kept FROM calls ORDER BY 1";
        let mut conn = scene.system.conn().await;
        let rows: Vec<Kept> = diesel::sql_query(rows).get_results(&mut conn).await.unwrap();
        rows.into_iter().map(|row| row.kept).collect::<Vec<_>>()
    };
    scene.phone(BORIS).block();
    scene.reply(ANNA, 0, "дошло").await;
    let failed = scene.reply(BORIS, 0, "не дошло").await;
    scene.outcomes(2).await;
    let all = r#"failed {"send": {"text": "не дошло"}} false"#;
    assert_eq!(kept().await, [all, r#"sent {"send": {}} true"#]);
    // The row alone must do for a second try.
    scene.phone(BORIS).unblock();
    scene.retry(BORIS, failed).await;
    assert_eq!(scene.wait_for_told(BORIS, 1).await, ["не дошло"]);
    scene.outcomes(3).await;
    assert_eq!(kept().await, [r#"sent {"send": {}} true"#; 2]);
    scene.settled().await;
    bridge.stop().await;
}
