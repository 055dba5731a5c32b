use events::{LogEvent, Service, desk::DeskEvent, subjects};
use futures::StreamExt as _;
use telegram_sim::Fault;
use testkit::wait_for;

use crate::scene::{ANNA, BOT, Scene};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_the_line_is_said_in_words_until_it_is_well_again() {
    let (scene, bridge) = Scene::with_bridge().await;
    let status = scene.line(BOT, "ok").await;
    assert_eq!(status["mode"], "polling");
    assert!(status["lastError"].is_null() && status["behindSince"].is_null());
    let edge = scene.system.bus(Service::HttpEdge).await;
    let mut live = edge.core().subscribe(subjects::bot_status(BOT)).await.unwrap();
    edge.core().flush().await.unwrap();
    for (fault, state, words) in [
        (Fault::error(409), "conflict", "Conflict"),
        (Fault::error(401), "unauthorized", "Unauthorized"),
        (Fault::reset(), "unreachable", "connection"),
        (Fault::error(502), "unreachable", "Bad Gateway"),
    ] {
        let fault = scene.sim.add_fault(fault.on("getUpdates"));
        // Ends the poll that waits.
        scene.phone(ANNA).text("?").unwrap();
        let status = scene.line(BOT, state).await;
        let error = &status["lastError"];
        assert_eq!(error["code"], state);
        assert!(error["words"].as_str().unwrap().contains(words), "{status}");
        assert!(status["behindSince"].is_string() && error["at"].is_string(), "{status}");
        assert!(scene.sim.remove_fault(fault));
        let status = scene.line(BOT, "ok").await;
        assert!(status["behindSince"].is_null(), "{status}");
        assert_eq!(status["lastError"]["code"], state, "what it was stays known");
    }
    wait_for("a page to hear that all is well again", async || {
        let told = live.next().await.unwrap();
        serde_json::from_slice::<serde_json::Value>(&told.payload).unwrap()["state"] == "ok"
    })
    .await;
    bridge.stop().await;
    scene.line(BOT, "stopped").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_telegram_holds_is_counted_and_comes_when_the_line_is_back() {
    let (scene, bridge) = Scene::with_bridge().await;
    scene.line(BOT, "ok").await;
    scene.sim.add_fault(Fault::error(409).on("getUpdates"));
    for number in 0..5 {
        scene.phone(ANNA).text(&number.to_string()).unwrap();
    }
    wait_for("five to be said to wait", async || {
        scene.line(BOT, "conflict").await["pending"].as_u64() >= Some(4)
    })
    .await;
    scene.sim.clear_faults();
    scene.wait_for_events("chat.message-received", 7).await;
    wait_for("none to be said to wait", async || scene.line(BOT, "ok").await["pending"] == 0).await;
    assert!(scene.line(BOT, "ok").await["lastUpdateAt"].is_string());
    bridge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_week_of_silence_smaller_numbers_are_taken() {
    let (scene, bridge) = Scene::with_bridge().await;
    wait_for("all to be confirmed", async || scene.sim.updates_pending() == 0).await;
    scene.calls_begun("getUpdates", scene.sim.calls("getUpdates").ok + 1).await;
    for next in [1_000, 2_000_000_000, 5] {
        // Silence: a poll that brought nothing has ended.
        let polls = scene.sim.calls("getUpdates").total;
        scene.sim.end_poll();
        scene.calls_begun("getUpdates", polls + 1).await;
        scene.sim.count_updates_from(next);
        let known = scene.events().await.len();
        scene.phone(ANNA).text("раз").unwrap();
        scene.phone(ANNA).text("два").unwrap();
        scene.wait_for_events("chat.message-received", known + 2).await;
        wait_for("both to be confirmed", async || scene.sim.updates_pending() == 0).await;
    }
    bridge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bot_is_introduced_by_its_name() {
    let (scene, bridge) = Scene::with_bridge().await;
    let introduced = testkit::wait_for_value("the bot to be introduced", async || {
        let log = scene.system.log().await;
        log.iter().find_map(|message| match message.decode().unwrap().event {
            LogEvent::Desk(DeskEvent::BotConnected(event)) => Some(event),
            _ => None,
        })
    })
    .await;
    assert_eq!(introduced.bot_id, BOT);
    assert_eq!(
        (introduced.bot_username.as_str(), introduced.bot_name.as_str()),
        ("vestnik_operator_bot", "Вестник")
    );
    bridge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bots_commands_are_offered_and_their_lack_harms_nothing() {
    let scene = Scene::new().await;
    scene.sim.add_fault(Fault::error(400).on("setMyCommands"));
    let bridge = scene.bridge();
    scene.calls_begun("setMyCommands", 1).await;
    scene.greet().await;
    scene.line(BOT, "ok").await;
    assert!(scene.sim.commands("").is_empty());
    bridge.stop().await;

    scene.sim.clear_faults();
    let bridge = scene.bridge();
    let named = |list: [(&str, &str); 2]| list.map(|(name, words)| (name.to_owned(), words.to_owned()));
    let english = named([("help", "what this bot can do"), ("notices", "order notices")]);
    let russian = named([("help", "что умеет бот"), ("notices", "уведомления о заказах")]);
    wait_for("both lists", async || scene.sim.commands("") == english && scene.sim.commands("ru") == russian)
        .await;
    bridge.stop().await;
}
