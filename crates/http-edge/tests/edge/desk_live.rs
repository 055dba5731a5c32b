//! Live without gaps: whatever happens to the line, a page shows every message once and in order.

use std::time::{Duration, Instant};

use events::{Bus, Outgoing, Service, users::Role};
use futures::future::join_all;
use http_edge::{Bound, Config};
use process::{Secret, Shutdown};
use serde_json::json;
use testkit::System;

use crate::{
    browser::Window,
    desk::writes,
    harness::{BOT_TOKEN, TestEdge, eventually},
    live::Live,
};

pub(crate) const TEXTS: &str =
    "Array.from(document.querySelectorAll('.message.in [data-part=text]'), (it) => it.textContent)";

/// An edge on the addresses of one that has stopped, and a chat worker.
async fn again(edge: &TestEdge) -> (Shutdown, tokio::task::JoinHandle<anyhow::Result<()>>) {
    let address = |url: &str| url.trim_start_matches("http://").parse().unwrap();
    let config = Config {
        connections: edge.system.connections(),
        public_listen: address(&edge.public),
        backoffice_listen: address(&edge.backoffice),
        metrics_listen: "127.0.0.1:0".parse().unwrap(),
        api_base_url: None,
        trusted_proxies: "127.0.0.1".parse().unwrap(),
        chat_message_token: Some(Secret::new(BOT_TOKEN)),
        upload_seconds: 120,
        telegram_api_url: None,
    };
    let shutdown = Shutdown::new();
    tokio::spawn(chat_worker::run(edge.system.worker_config(), shutdown.clone()));
    let bound = Bound::new(config, shutdown.clone()).await.unwrap().unwrap();
    (shutdown.clone(), tokio::spawn(bound.serve()))
}

pub(crate) async fn received(edge: &TestEdge, texts: &[&str]) {
    hear(&edge.system.bus(Service::BotBridge).await, texts).await;
}

async fn hear(bus: &Bus, texts: &[&str]) {
    for text in texts {
        let event = events::chats::MessageReceived {
            user_id: 4242,
            message_id: uuid::Uuid::now_v7(),
            bot_type: "operator".into(),
            direction: events::chats::Direction::In,
            telegram_message_id: None,
            message_type: events::chats::MessageType::Text,
            message_text: (*text).into(),
            from: events::chats::Sender::default(),
            attachment: None,
            reply_to_telegram_id: None,
            sent_at: events::now(),
            verified: true,
            bot_id: None,
            entities: Vec::new(),
            details: None,
            album: None,
            raw: None,
        };
        bus.publish(&Outgoing::request(Service::BotBridge, "test", event)).await.unwrap();
    }
}

const ALL: &str =
    "Array.from(document.querySelectorAll('.message [data-part=text]'), (it) => it.textContent)";

/// A message that comes long after it was written, as after an hour without Telegram, is the last on a page that is
/// open as on one that is opened afterwards. A change of one that is further up than anybody has read puts it nowhere.
#[tokio::test(flavor = "multi_thread")]
async fn an_open_page_has_the_order_of_the_log() {
    let edge = TestEdge::start().await;
    let operator = edge.staff(Role::Operator).await;
    let numbers: Vec<String> = (1..=60).map(|number| number.to_string()).collect();
    received(&edge, &numbers.iter().map(String::as_str).collect::<Vec<_>>()).await;
    eventually("all to be stored", async || {
        let (_, history) = operator.get("/api/users/4242/operator-chat").await;
        history["messages"]
            .as_array()
            .is_some_and(|all| all.last().is_some_and(|it| it["messageText"] == "60"))
    })
    .await;
    let window = Window::open().await;
    window.sign_in(&edge.backoffice, &operator.user().phone, "/dashboard/users/4242/operator-chat").await;
    window.until("the newest", &format!("{ALL}.at(-1) === '60'")).await;
    operator.post("/api/users/4242/operator-chat", json!({"messageText": "ответ"})).await;
    window.until("the reply", &format!("{ALL}.at(-1) === 'ответ'")).await;
    let bus = edge.system.bus(Service::BotBridge).await;
    let oldest =
        edge.system.log().await.into_iter().find(|event| event.subject.ends_with("message-received"));
    let events::LogEvent::Chat(events::chats::ChatEvent::MessageReceived(oldest)) =
        oldest.unwrap().decode().unwrap().event
    else {
        panic!("a message");
    };
    let stored = events::chats::FileFailed {
        user_id: 4242,
        message_id: oldest.message_id,
        code: "not_found".into(),
        reason: "gone".into(),
    };
    bus.publish(&Outgoing::request(Service::BotBridge, "test", stored)).await.unwrap();
    let late = events::chats::MessageReceived {
        message_id: uuid::Uuid::now_v7(),
        message_text: "час назад".into(),
        sent_at: events::now() - jiff::SignedDuration::from_hours(1),
        ..oldest
    };
    bus.publish(&Outgoing::request(Service::BotBridge, "test", late)).await.unwrap();
    window.until("what comes late", &format!("{ALL}.includes('час назад')")).await;
    let shown = window.run(&format!("return {ALL}")).await;
    assert_eq!(shown[0], "11", "the oldest is further up: {shown}");
    window.run("location.reload()").await;
    window.until("the page", &format!("document.readyState === 'complete' && {ALL}.length > 40")).await;
    let shown = shown.as_array().unwrap();
    assert_eq!(shown[shown.len() - 2..], [json!("ответ"), json!("час назад")]);
    let again = window.run(&format!("return {ALL}")).await;
    assert_eq!(again.as_array().unwrap().last(), shown.last(), "as on a page that is opened now");
    window.0.close().await;
    edge.stop().await;
}

/// The line breaks while a reply is sent, and then the tab is gone: what was written is still there, and goes out once.
#[tokio::test(flavor = "multi_thread")]
async fn a_reply_that_was_not_taken_outlives_its_tab() {
    let edge = TestEdge::start().await;
    let operator = edge.staff(Role::Operator).await;
    writes(&edge, 4242, "вопрос").await;
    let window = Window::open().await;
    window.sign_in(&edge.backoffice, &operator.user().phone, "/dashboard/users/4242/operator-chat").await;
    let answer =
        "const form = document.querySelector('[data-composer]'); form.elements.messageText.value = 'ответ';
        window.fetch = () => Promise.reject(new TypeError('no line')); form.requestSubmit();";
    window.run(answer).await;
    let failed = "document.querySelector('.message.out')?.dataset.state === 'failed'";
    window.until("the failure", failed).await;
    window.run("location.reload()").await;
    window
        .until(
            "what was written, after the page was loaded anew",
            &format!("{failed} && {ALL}.at(-1) === 'ответ'"),
        )
        .await;
    window.run("document.querySelector('.message.out [data-part=retry] button').click()").await;
    window.until("it to be sent", "document.querySelector('.message.out')?.dataset.state === 'queued'").await;
    window.run("location.reload()").await;
    window.until("the page", &format!("document.readyState === 'complete' && {ALL}.length >= 2")).await;
    assert_eq!(window.run(&format!("return {ALL}")).await, json!(["вопрос", "ответ"]), "once");
    assert_eq!(
        window.run("return Object.keys(localStorage).some((it) => it.startsWith('unsent'))").await,
        json!(false)
    );
    window.0.close().await;
    edge.stop().await;
}

/// The edge is restarted under an open page; then it is away while more happens than it remembers, as for a page that
/// slept for an hour.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_is_complete_after_a_restart_and_after_a_long_sleep() {
    let mut edge = TestEdge::start().await;
    let operator = edge.staff(Role::Operator).await;
    writes(&edge, 4242, "1").await;
    let window = Window::open().await;
    window.sign_in(&edge.backoffice, &operator.user().phone, "/dashboard/users/4242/operator-chat").await;
    window.until("the first", &format!("{TEXTS}.join() === '1'")).await;
    window.run("window.before = true").await;

    edge.shutdown.cancel();
    (&mut edge.serving).await.unwrap().unwrap();
    received(&edge, &["2", "3"]).await;
    let (shutdown, serving) = again(&edge).await;
    window.until("what came while the edge was away", &format!("{TEXTS}.join() === '1,2,3'")).await;

    shutdown.cancel();
    serving.await.unwrap().unwrap();
    received(&edge, &["4"]).await;
    let noise: Vec<Outgoing> = (0..10_050)
        .map(|_| {
            let event = events::users::UserSignedIn {
                user_id: uuid::Uuid::now_v7(),
                listener: events::users::Listener::Public,
            };
            Outgoing::request(Service::HttpEdge, "test", event)
        })
        .collect();
    edge.system.bus(Service::HttpEdge).await.publish_all(&noise).await.unwrap();
    received(&edge, &["5"]).await;
    let (shutdown, serving) = again(&edge).await;
    window.until("what the ring has forgotten", &format!("{TEXTS}.join() === '1,2,3,4,5'")).await;
    received(&edge, &["6"]).await;
    window.until("what comes afterwards", &format!("{TEXTS}.join() === '1,2,3,4,5,6'")).await;
    assert_eq!(window.run("return window.before === true").await, json!(true), "without a reload");
    window.0.close().await;
    shutdown.cancel();
    serving.await.unwrap().unwrap();
}

/// Every page hears of a message once, whether 1 or 1,000 are open.
#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_open_pages_hear_of_each_message_once() {
    const PAGES: usize = 1_000;
    let edge = TestEdge::start().await;
    let operator = edge.staff(Role::Operator).await;
    let mut pages = Vec::with_capacity(PAGES);
    for _ in 0..PAGES / 50 {
        let opened = (0..50).map(|_| Live::open(&operator, "/api/operator-chats/live", None));
        pages.extend(join_all(opened).await);
    }
    let since = Instant::now();
    let messages = [writes(&edge, 4242, "раз").await, writes(&edge, 4242, "два").await];
    let heard = pages.iter_mut().map(async |page| {
        [
            page.until("message").await.data["message"]["id"].clone(),
            page.until("message").await.data["message"]["id"].clone(),
        ]
    });
    for ids in join_all(heard).await {
        assert_eq!(ids, [messages[0]["id"].clone(), messages[1]["id"].clone()], "each once, in order");
    }
    let took = since.elapsed();
    assert!(took < Duration::from_secs(20), "{PAGES} pages heard of it within {took:?}");
    drop(pages);
    edge.stop().await;
}

/// What happens while the database is away is told when it is back.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_waits_for_a_database_that_is_away() {
    let mut edge = TestEdge::within(System::with_own_postgres().await, |_| {}).await;
    edge.work();
    let operator = edge.staff(Role::Operator).await;
    let mut live = Live::open(&operator, "/api/operator-chats/live", None).await;
    received(&edge, &["раз"]).await;
    assert_eq!(live.until("message").await.data["message"]["messageText"], "раз");
    let bus = edge.system.bus(Service::BotBridge).await;
    edge.system
        .crash_postgres(async {
            hear(&bus, &["два", "три"]).await;
            let told = tokio::time::timeout(Duration::from_secs(3), live.until("message")).await;
            assert!(told.is_err(), "{told:?}");
        })
        .await;
    for text in ["два", "три"] {
        assert_eq!(live.until("message").await.data["message"]["messageText"], text);
    }
    edge.stop().await;
}

/// What the bridge says beside the log reaches the pages that are open.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_hears_until_when_a_reply_waits_and_how_a_bot_is() {
    let edge = TestEdge::start().await;
    let operator = edge.staff(Role::Operator).await;
    let mut live = Live::open(&operator, "/api/operator-chats/live", None).await;
    let bridge = edge.system.bus(Service::BotBridge).await;
    let mut heard = None;
    eventually("both to be heard", async || {
        let waiting = json!({"userId": 1, "messageId": "x", "nextAttemptAt": "2030-01-01T00:00:00Z"});
        for (subject, payload) in
            [(events::subjects::waiting(7), waiting), (events::subjects::bot_status(5), json!({"ok": true}))]
        {
            bridge.core().publish(subject, payload.to_string().into()).await.unwrap();
        }
        let both = async { (live.until("waiting").await, live.until("status").await) };
        heard = tokio::time::timeout(Duration::from_secs(2), both).await.ok();
        heard.is_some()
    })
    .await;
    let (waiting, status) = heard.unwrap();
    assert_eq!((&waiting.data["userId"], waiting.id), (&json!(7), None), "the subject says whose it is");
    assert_eq!(status.data, json!({"botId": 5, "ok": true}));
    edge.stop().await;
}
