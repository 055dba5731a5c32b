use std::collections::HashMap;

use events::chats::ChatEvent;
use process::Secret;
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use telegram_sim::Fault;
use testkit::wait_for;

use crate::scene::{ANNA, BOT, Bridge, SECRET, Scene};

const HEADER: &str = "x-telegram-bot-api-secret-token";

fn update(id: i64, text: &str) -> Value {
    json!({"update_id": id, "message": {"message_id": id, "date": 1_700_000_000, "text": text,
        "chat": {"id": ANNA, "type": "private"}, "from": {"id": ANNA, "is_bot": false, "first_name": "Анна"}}})
}

#[tokio::test(flavor = "multi_thread")]
async fn updates_are_brought_and_switching_back_and_forth_loses_none() {
    let scene = Scene::new().await;
    for (number, config) in
        [scene.webhook_config(), scene.config(), scene.webhook_config()].into_iter().enumerate()
    {
        let mode = if config.telegram.telegram_webhook_url.is_some() { "webhook" } else { "polling" };
        let phone = scene.phone(ANNA);
        phone.text("пока никто не слушает").unwrap();
        let bridge = Bridge::start(config);
        assert_eq!(scene.line(BOT, "ok").await["mode"], mode);
        phone.text("пока слушают").unwrap();
        scene.wait_for_events("chat.message-received", 2 * (number + 1)).await;
        wait_for("nothing to wait", async || scene.sim.updates_pending() == 0).await;
        bridge.stop().await;
    }
    let names: Vec<_> = scene.events().await.iter().map(ChatEvent::name).collect();
    assert_eq!(names.len(), 6, "{names:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_knows_the_secret_is_heard_and_only_updates_are_taken() {
    let scene = Scene::new().await;
    let config = scene.webhook_config();
    let url = format!("{}/{BOT}", config.telegram.telegram_webhook_url.clone().unwrap());
    let bridge = Bridge::start(config);
    scene.line(BOT, "ok").await;
    let client = Client::new();
    let post = async |url: &str, secret: Option<&str>, body: String| {
        let request = client.post(url).body(body);
        let request = if let Some(secret) = secret { request.header(HEADER, secret) } else { request };
        request.send().await.unwrap().status()
    };
    let text = |id| update(id, "раз").to_string();
    for secret in
        [None, Some(""), Some("s3cret"), Some("s3cret-of_the_webhooK"), Some("s3cret-of_the_webhook2")]
    {
        assert_eq!(post(&url, secret, text(1)).await, StatusCode::UNAUTHORIZED);
    }
    let other = url.replace(&BOT.to_string(), "5");
    assert_eq!(post(&other, Some(SECRET), text(1)).await, StatusCode::NOT_FOUND);
    let get = client.get(&url).header(HEADER, SECRET).send().await.unwrap();
    assert_eq!(get.status(), StatusCode::METHOD_NOT_ALLOWED);
    let large = format!("{}{}", text(1), " ".repeat(1_000_000));
    assert_eq!(post(&url, Some(SECRET), large).await, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(scene.events().await.is_empty());

    // Nonsense is not brought again and again; what comes twice, or late, is one event each.
    for nonsense in ["", "{}", "[1]", "{\"update_id\":\"x\"}", "{\"update_id\":7}"] {
        assert_eq!(post(&url, Some(SECRET), nonsense.into()).await, StatusCode::OK);
    }
    for id in [12, 10, 12, 11, 10] {
        assert_eq!(post(&url, Some(SECRET), text(id)).await, StatusCode::OK);
    }
    assert_eq!(scene.events().await.len(), 3);
    bridge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn telegram_is_told_of_an_arrival_only_when_the_log_has_it() {
    let mut scene = Scene::new().await;
    let bridge = Bridge::start(scene.webhook_config());
    scene.line(BOT, "ok").await;
    let (sim, phone) = (&scene.sim, scene.sim.phone(ANNA));
    scene
        .system
        .crash_nats(async {
            phone.text("пока брокера нет").unwrap();
            wait_for("a refusal", async || sim.webhook_error().is_some()).await;
            assert_eq!(sim.updates_pending(), 1);
        })
        .await;
    scene.wait_for_events("chat.message-received", 1).await;
    wait_for("nothing to wait", async || scene.sim.updates_pending() == 0).await;
    assert!(scene.sim.webhook_error().unwrap().contains("503"));
    assert_eq!(scene.events().await.len(), 1);
    bridge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_that_cannot_be_set_or_reached_is_said() {
    let scene = Scene::new().await;
    scene.sim.add_fault(Fault::error(401).on("setWebhook"));
    let mut config = scene.webhook_config();
    let bridge = Bridge::start(config.clone());
    scene.line(BOT, "unauthorized").await;
    scene.sim.clear_faults();
    scene.line(BOT, "ok").await;
    bridge.stop().await;

    // Telegram is told of an address where nobody listens.
    config.telegram.telegram_webhook_url = Some(format!("http://{}", testkit::free_address()));
    scene.phone(ANNA).text("?").unwrap();
    let bridge = Bridge::start(config);
    let status = scene.line(BOT, "webhook_failing").await;
    assert!(status["lastError"]["words"].as_str().unwrap().contains("Connection"), "{status}");
    assert_eq!(status["pending"], 1);
    bridge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_without_a_secret_does_not_start() {
    let scene = Scene::new().await;
    let mut config = scene.webhook_config();
    config.telegram.telegram_webhook_secret = Some(Secret::new(""));
    let error = bot_bridge::run(config, process::Shutdown::new()).await.unwrap_err();
    assert!(error.to_string().contains("TELEGRAM_WEBHOOK_SECRET"), "{error}");
}

/// The texts of the chats, each in the order of the log.
async fn said(scene: &Scene, count: usize) -> HashMap<i64, Vec<String>> {
    let mut said: HashMap<i64, Vec<String>> = HashMap::new();
    for event in scene.wait_for_events("chat.message-received", count).await {
        let ChatEvent::MessageReceived(message) = event else { continue };
        said.entry(message.user_id).or_default().push(message.message_text);
    }
    said
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_at_once_are_taken_together_and_each_chat_keeps_its_order() {
    let scene = Scene::new().await;
    let config = scene.webhook_config();
    let url = format!("{}/{BOT}", config.telegram.telegram_webhook_url.clone().unwrap());
    let bridge = Bridge::start(config);
    scene.line(BOT, "ok").await;
    let client = Client::new();
    let of = |id: i64| {
        let mut update = update(id, &id.to_string());
        for member in ["chat", "from"] {
            update["message"][member]["id"] = json!(ANNA + id % 10);
        }
        update.to_string()
    };
    // Any order will do, as long as it is none: 37 and 100 have no divisor in common.
    let posts = (0..100).map(|place| {
        let id = 1_000 + place * 37 % 100;
        let request = client.post(&url).header(HEADER, SECRET).body(of(id));
        async move { request.send().await.unwrap().status() }
    });
    let answers = futures::future::join_all(posts).await;
    assert!(answers.iter().all(|status| *status == StatusCode::OK), "{answers:?}");
    let said = said(&scene, 100).await;
    assert_eq!(said.len(), 10);
    for (user, texts) in said {
        let expected: Vec<String> =
            (1_000..1_100).filter(|id| ANNA + id % 10 == user).map(|id| id.to_string()).collect();
        assert_eq!(texts, expected, "of {user}");
    }
    bridge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broker_that_is_away_for_seconds_loses_nothing_and_changes_no_order() {
    let mut scene = Scene::new().await;
    let bridge = Bridge::start(scene.webhook_config());
    scene.line(BOT, "ok").await;
    let (sim, users) = (&scene.sim, [51, 52, 53, 54, 55]);
    let write = |numbers: std::ops::Range<usize>| {
        for (number, user) in numbers.flat_map(|number| users.map(|user| (number, user))) {
            sim.phone(user).text(&number.to_string()).unwrap();
        }
    };
    write(0..20);
    scene
        .system
        .crash_nats(async {
            write(20..40);
            wait_for("a refusal", async || sim.webhook_error().is_some()).await;
        })
        .await;
    write(40..60);
    wait_for("nothing to wait", async || scene.sim.updates_pending() == 0).await;
    assert!(scene.sim.webhook_error().unwrap().contains("503"));
    let said = said(&scene, 300).await;
    let expected: Vec<String> = (0..60).map(|number: usize| number.to_string()).collect();
    for user in users {
        assert_eq!(said[&user], expected, "of {user}");
    }
    assert_eq!(scene.events().await.len(), 300);
    bridge.stop().await;
}
