//! Several bots of one Telegram at once.

use events::{
    chats::{ChatEvent, FileStored, MessageReceived},
    derived_id,
};
use process::Secret;
use telegram_sim::Fault;

use crate::scene::{ANNA, BORIS, BOT, Bridge, Scene};

const SECOND: i64 = 777;

fn received(event: &ChatEvent) -> &MessageReceived {
    let ChatEvent::MessageReceived(message) = event else { panic!("a message, not {event:?}") };
    message
}

#[tokio::test(flavor = "multi_thread")]
async fn each_bot_hears_fetches_and_says_its_own_and_one_ones_trouble_is_not_the_others() {
    let scene = Scene::new().await;
    let mut config = scene.config();
    config.telegram.operator_bot_token = Some(Secret::new(format!("{BOT}:one, {SECOND}:two")));
    // The first to call is the first bot, whose phones are the scene's.
    drop(scene.sim.bot(BOT));
    let other = scene.sim.bot(SECOND);
    let bridge = Bridge::start(config);
    scene.phone(ANNA).text("первому").unwrap();
    other.phone(BORIS).document(b"%PDF-1.7".to_vec(), "второму.pdf", "application/pdf").unwrap();
    let events = scene.wait_for_events("chat.message-received", 2).await;
    let bot_of = |user| events.iter().map(received).find(|message| message.user_id == user).unwrap().bot_id;
    assert_eq!((bot_of(ANNA), bot_of(BORIS)), (Some(BOT), Some(SECOND)));
    let stored = scene.wait_for_events("chat.file-stored", 1).await;
    let ChatEvent::FileStored(FileStored { file, .. }) = &stored[0] else { panic!("{stored:?}") };
    assert_eq!(file.size, 8, "only the second bot's Telegram has the file");

    // The second one's token is revoked: the first one goes on.
    other.add_fault(Fault::error(401));
    other.phone(BORIS).text("?").unwrap();
    scene.line(SECOND, "unauthorized").await;
    scene.reply(ANNA, 1, "от первого").await;
    assert_eq!(scene.wait_for_told(ANNA, 1).await, ["от первого"]);
    scene.line(BOT, "ok").await;
    other.clear_faults();
    scene.line(SECOND, "ok").await;
    let mut wish = scene.wish(BORIS, 2, "от второго");
    wish.bot_id = Some(SECOND);
    scene.publish(wish).await;
    scene.outcomes(2).await;
    let told: Vec<_> =
        other.phone(BORIS).from_bot().iter().map(|message| message.words().to_owned()).collect();
    assert_eq!(told, ["от второго"]);
    scene.settled().await;
    bridge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_bot_twice_does_not_start() {
    let scene = Scene::new().await;
    let mut config = scene.config();
    config.telegram.operator_bot_token = Some(Secret::new(format!("{BOT}:one,{BOT}:two")));
    let error = bot_bridge::run(config, process::Shutdown::new()).await.unwrap_err();
    assert!(error.to_string().contains("twice"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_for_a_bot_that_is_gone_fails_and_what_another_bridge_sends_waits_for_it() {
    let (scene, bridge) = Scene::with_bridge().await;
    let elsewhere = SECOND + 1;
    let mut conn = scene.system.conn().await;
    store::desk::keep_status(&mut conn, elsewhere, &serde_json::json!({})).await.unwrap();
    for (number, bot_id) in [(1, SECOND), (2, elsewhere)] {
        let mut wish = scene.wish(ANNA, number, "?");
        wish.bot_id = Some(bot_id);
        scene.publish(wish).await;
    }
    assert_eq!(scene.outcomes(1).await, ["failed 1 bot_gone"]);
    scene.settled().await;
    assert_eq!(scene.outcomes(1).await.len(), 1);
    let waiting = store::calls::queued(&mut conn, elsewhere, (0, 0), 10).await.unwrap();
    assert_eq!(waiting.len(), 1);
    assert!(store::calls::queued(&mut conn, SECOND, (0, 0), 10).await.unwrap().is_empty());

    // Asked for again while the bot is still away, it is not forgotten either.
    let failed = derived_id(&["reply", &ANNA.to_string(), "1"]);
    scene.retry(ANNA, failed).await;
    assert_eq!(scene.outcomes(2).await[1], "failed 2 bot_gone");
    bridge.stop().await;
}
