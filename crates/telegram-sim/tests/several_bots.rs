//! Several bots of one Telegram.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use serde_json::{Value, json};
use telegram_sim::{Config, Fault, Limits, Sim};

async fn call(sim: &Sim, token: &str, method: &str, params: Value) -> Value {
    let url = format!("{}/bot{token}/{method}", sim.url());
    reqwest::Client::new().post(url).json(&params).send().await.unwrap().json().await.unwrap()
}

fn texts(updates: &Value) -> Vec<&str> {
    let updates = updates["result"].as_array().unwrap().iter();
    updates.map(|update| update["message"]["text"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn each_bot_has_its_own_chats_updates_and_names() {
    let sim = telegram_sim::start(Config::for_tests()).await.unwrap();
    assert_eq!(call(&sim, "1:x", "getMe", json!({})).await["result"]["id"], 1);
    assert_eq!(call(&sim, "2:y", "getMe", json!({})).await["result"]["id"], 2);
    let (first, second) = (sim.phone(5), sim.bot(2).phone(5));
    first.text("первому").unwrap();
    second.text("второму").unwrap();
    assert_eq!(texts(&call(&sim, "1:x", "getUpdates", json!({})).await), ["первому"]);
    assert_eq!(texts(&call(&sim, "2:y", "getUpdates", json!({})).await), ["второму"]);

    let sent = call(&sim, "2:y", "sendMessage", json!({"chat_id": 5, "text": "ответ"})).await;
    assert_eq!(sent["result"]["from"]["id"], 2);
    assert_eq!((first.from_bot().len(), second.from_bot().len()), (0, 1));
    // Whoever has written to one bot has not written to the other.
    sim.phone(6).text("только первому").unwrap();
    let refused = call(&sim, "2:y", "sendMessage", json!({"chat_id": 6, "text": "?"})).await;
    assert_eq!(refused["description"], "Bad Request: chat not found");
    first.block();
    let sent = call(&sim, "2:y", "sendMessage", json!({"chat_id": 5, "text": "ещё"})).await;
    assert_eq!(sent["ok"], true);
}

#[tokio::test]
async fn each_bot_has_its_own_limits_and_faults() {
    let sim = telegram_sim::start(Config::for_tests()).await.unwrap();
    for bot in [1, 2] {
        sim.bot(bot).phone(5).text("/start").unwrap();
    }
    let slow = Limits { enabled: true, chat_per_second: 0.01, chat_burst: 1.0, ..Limits::default() };
    sim.bot(2).set_limits(slow);
    let send = async |token| call(&sim, token, "sendMessage", json!({"chat_id": 5, "text": "?"})).await;
    assert_eq!(send("2:y").await["ok"], true);
    assert_eq!(send("2:y").await["error_code"], 429);
    assert_eq!(send("1:x").await["ok"], true);
    sim.add_fault(Fault::error(502));
    assert_eq!(send("1:x").await["error_code"], 502);
    assert_eq!(send("2:y").await["error_code"], 429);
}

#[tokio::test]
async fn only_the_tokens_that_were_named_are_let_in() {
    let sim = telegram_sim::start(Config { bot_token: Some("1:a, 2:b".into()), ..Config::for_tests() });
    let sim = sim.await.unwrap();
    for (token, id) in [("1:a", json!(1)), ("2:b", json!(2)), ("1:b", json!(null)), ("3:c", json!(null))] {
        assert_eq!(call(&sim, token, "getMe", json!({})).await["result"]["id"], id, "{token}");
    }
    let bots: Value =
        reqwest::get(format!("{}/sim/api/bots", sim.url())).await.unwrap().json().await.unwrap();
    assert_eq!(bots.as_array().unwrap().len(), 2);
    let unknown = reqwest::get(format!("{}/sim/api/bot?bot=3", sim.url())).await.unwrap();
    assert_eq!(unknown.status(), 404);
}
