//! Updates pushed to the bot.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use axum::Router;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use serde_json::{Value, json};
use telegram_sim::{Config, Sim};
use tokio::sync::mpsc;

/// A bot that refuses its first update once, then takes everything.
async fn bot() -> (SocketAddr, mpsc::Receiver<(HeaderMap, Value)>) {
    let (taken, updates) = mpsc::channel(10);
    let calls = Arc::new(AtomicU32::new(0));
    let hook = move |headers: HeaderMap, axum::Json(update): axum::Json<Value>| async move {
        if calls.fetch_add(1, Ordering::Relaxed) == 0 {
            return StatusCode::INTERNAL_SERVER_ERROR;
        }
        taken.send((headers, update)).await.unwrap();
        StatusCode::OK
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = Router::new().route("/hook", post(hook));
    tokio::spawn(async move { axum::serve(listener, router).await });
    (address, updates)
}

async fn call(sim: &Sim, method: &str, params: Value) -> Value {
    let url = format!("{}/bot1:x/{method}", sim.url());
    let request = reqwest::Client::new().post(url).json(&params);
    request.send().await.unwrap().json().await.unwrap()
}

#[tokio::test]
async fn updates_are_pushed_in_order_and_tried_again() {
    let sim = telegram_sim::start(Config::for_tests()).await.unwrap();
    let (address, mut updates) = bot().await;
    let url = format!("http://{address}/hook");
    let set = json!({"url": url, "secret_token": "s3cret", "max_connections": 1});
    assert_eq!(call(&sim, "setWebhook", set).await["result"], true);
    let poll = call(&sim, "getUpdates", json!({})).await;
    assert_eq!(poll["error_code"], 409);

    let phone = sim.phone(5);
    phone.text("one").unwrap();
    phone.text("two").unwrap();
    for text in ["one", "two"] {
        let within = Duration::from_secs(5);
        let pushed = tokio::time::timeout(within, updates.recv()).await;
        let (headers, update) = pushed.expect(text).unwrap();
        assert_eq!(update["message"]["text"], text);
        assert_eq!(headers["x-telegram-bot-api-secret-token"], "s3cret");
    }
    let empty = |sim: &Sim| (sim.updates_pending() == 0).then_some(());
    let within = Duration::from_secs(5);
    sim.wait_for("confirmation", within, empty).await.unwrap();
    let info = call(&sim, "getWebhookInfo", json!({})).await;
    assert_eq!(info["result"]["url"], url);
    assert!(info["result"]["last_error_message"].is_string());

    call(&sim, "deleteWebhook", json!({})).await;
    phone.text("three").unwrap();
    let polled = call(&sim, "getUpdates", json!({})).await;
    assert_eq!(polled["result"][0]["message"]["text"], "three");
}

#[tokio::test]
async fn a_strange_secret_is_refused() {
    let sim = telegram_sim::start(Config::for_tests()).await.unwrap();
    let set = json!({"url": "https://example.org", "secret_token": "with space"});
    let answer = call(&sim, "setWebhook", set).await;
    let expected = "Bad Request: secret token contains unallowed characters";
    assert_eq!(answer["description"], expected);
}
