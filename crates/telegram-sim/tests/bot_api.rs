//! The Bot API over plain HTTP, to the letter.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::time::Duration;

use serde_json::{Value, json};
use telegram_sim::{Config, Limits, Sim};

async fn sim() -> Sim {
    telegram_sim::start(Config::for_tests()).await.unwrap()
}

async fn call(sim: &Sim, method: &str, params: Value) -> (u16, Value) {
    let url = format!("{}/bot1:x/{method}", sim.url());
    let request = reqwest::Client::new().post(url).json(&params);
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

async fn refusal(sim: &Sim, method: &str, params: Value) -> (u16, String) {
    let (status, body) = call(sim, method, params).await;
    assert_eq!(body["ok"], false, "{body}");
    assert_eq!(body["error_code"], status);
    (status, body["description"].as_str().unwrap().to_owned())
}

fn ids(body: &Value) -> Vec<u64> {
    let updates = body["result"].as_array().unwrap().iter();
    updates.map(|update| update["update_id"].as_u64().unwrap()).collect()
}

#[tokio::test]
async fn only_the_right_token_is_let_in() {
    let sim = telegram_sim::start(Config { bot_token: Some("1:right".into()), ..Config::for_tests() })
        .await
        .unwrap();
    let answer = refusal(&sim, "getMe", json!({})).await;
    assert_eq!(answer, (401, "Unauthorized".into()));
    let url = format!("{}/bot1:right/getMe", sim.url());
    let body: Value = reqwest::get(url).await.unwrap().json().await.unwrap();
    assert_eq!(body["result"]["id"], 1);
}

#[tokio::test]
async fn an_unknown_method_is_not_found_and_case_does_not_matter() {
    let sim = sim().await;
    let answer = refusal(&sim, "fly", json!({})).await;
    assert_eq!(answer, (404, "Not Found".into()));
    let (status, _) = call(&sim, "GETME", json!({})).await;
    assert_eq!(status, 200);
}

#[tokio::test]
async fn updates_come_until_they_are_confirmed() {
    let sim = sim().await;
    let phone = sim.phone(5);
    for text in ["a", "b", "c"] {
        phone.text(text).unwrap();
    }
    let (_, all) = call(&sim, "getUpdates", json!({})).await;
    let all = ids(&all);
    assert_eq!(all.len(), 3);
    assert!(all.is_sorted() && all[0] < all[2]);

    let (_, two) = call(&sim, "getUpdates", json!({"offset": all[1], "limit": 1})).await;
    assert_eq!(ids(&two), all[1..2]);
    let (_, rest) = call(&sim, "getUpdates", json!({})).await;
    assert_eq!(ids(&rest), all[1..]);
    let (_, none) = call(&sim, "getUpdates", json!({"offset": all[2] + 1})).await;
    assert!(ids(&none).is_empty());
    assert_eq!(sim.updates_pending(), 0);
}

#[tokio::test]
async fn a_waiting_poll_ends_as_soon_as_somebody_writes() {
    let sim = sim().await;
    let poll = call(&sim, "getUpdates", json!({"timeout": 30}));
    let write = async {
        let waits = |sim: &Sim| (sim.calls("getUpdates").unanswered == 1).then_some(());
        let within = Duration::from_secs(5);
        sim.wait_for("poll", within, waits).await.unwrap();
        sim.phone(5).text("hello").unwrap();
    };
    let within = Duration::from_secs(5);
    let both = tokio::time::timeout(within, futures::future::join(poll, write));
    let ((_, body), ()) = both.await.expect("the poll still waits");
    assert_eq!(body["result"][0]["message"]["text"], "hello");
}

#[tokio::test]
async fn of_two_pollers_the_older_gets_a_conflict() {
    let sim = sim().await;
    let older = refusal(&sim, "getUpdates", json!({"timeout": 30}));
    let newer = async {
        let waits = |sim: &Sim| (sim.calls("getUpdates").unanswered == 1).then_some(());
        let within = Duration::from_secs(5);
        sim.wait_for("poll", within, waits).await.unwrap();
        call(&sim, "getUpdates", json!({"timeout": 0})).await
    };
    let ((status, description), (newer, _)) = futures::future::join(older, newer).await;
    assert_eq!((status, newer), (409, 200));
    assert_eq!(
        description,
        "Conflict: terminated by other getUpdates request; \
         make sure that only one bot instance is running"
    );
}

#[tokio::test]
async fn texts_are_checked() {
    let sim = sim().await;
    sim.phone(5).text("hi").unwrap();
    let send = |text: String| json!({"chat_id": 5, "text": text});
    let answer = refusal(&sim, "sendMessage", send("  ".into())).await;
    assert_eq!(answer, (400, "Bad Request: message text is empty".into()));
    // An emoji is two UTF-16 code units.
    let answer = refusal(&sim, "sendMessage", send("😀".repeat(2049))).await;
    assert_eq!(answer, (400, "Bad Request: message is too long".into()));
    let (status, _) = call(&sim, "sendMessage", send("😀".repeat(2048))).await;
    assert_eq!(status, 200);
    let unknown = json!({"chat_id": 5, "text": "?", "reply_parameters": {"message_id": 1}});
    let answer = refusal(&sim, "sendMessage", unknown).await;
    assert_eq!(answer.1, "Bad Request: message to be replied not found");
    let answer = refusal(&sim, "sendMessage", json!({"chat_id": 6, "text": "?"})).await;
    assert_eq!(answer, (400, "Bad Request: chat not found".into()));
}

#[tokio::test]
async fn a_blocked_bot_is_refused_until_it_is_unblocked() {
    let sim = sim().await;
    let phone = sim.phone(5);
    phone.text("hi").unwrap();
    phone.block();
    let hello = json!({"chat_id": 5, "text": "hello"});
    let answer = refusal(&sim, "sendMessage", hello.clone()).await;
    assert_eq!(answer, (403, "Forbidden: bot was blocked by the user".into()));
    assert!(phone.text("more").is_err());
    phone.unblock();
    let (status, _) = call(&sim, "sendMessage", hello).await;
    assert_eq!(status, 200);
}

#[tokio::test]
async fn forms_and_queries_are_understood_like_json() {
    let sim = sim().await;
    let asked = sim.phone(5).text("hi").unwrap();
    let reply = json!({"message_id": asked}).to_string();
    let url = format!("{}/bot1:x/sendMessage", sim.url());
    let client = reqwest::Client::new();
    let query = format!("chat_id=5&text=a%20b&reply_parameters={{\"message_id\":{asked}}}");
    let by_query = client.get(format!("{url}?{query}"));
    let by_form = client.post(&url).header("content-type", "application/x-www-form-urlencoded").body(query);
    let multipart = reqwest::multipart::Form::new()
        .text("chat_id", "5")
        .text("text", "a b")
        .text("reply_parameters", reply);
    let by_multipart = client.post(&url).multipart(multipart);
    for request in [by_query, by_form, by_multipart] {
        let body: Value = request.send().await.unwrap().json().await.unwrap();
        assert_eq!(body["result"]["text"], "a b", "{body}");
        assert_eq!(body["result"]["reply_to_message"]["message_id"], asked);
    }
}

#[tokio::test]
async fn a_file_above_20_mb_cannot_be_downloaded() {
    let sim = sim().await;
    let phone = sim.phone(5);
    phone.document(vec![0; 20 * 1024 * 1024 + 1], "big.bin", "application/zip").unwrap();
    let (_, body) = call(&sim, "getUpdates", json!({})).await;
    let file_id = &body["result"][0]["message"]["document"]["file_id"];
    let answer = refusal(&sim, "getFile", json!({"file_id": file_id})).await;
    assert_eq!(answer, (400, "Bad Request: file is too big".into()));
    let answer = refusal(&sim, "getFile", json!({"file_id": "none"})).await;
    assert_eq!(answer, (400, "Bad Request: invalid file_id".into()));
}

#[tokio::test]
async fn what_is_no_picture_is_no_photo() {
    let sim = sim().await;
    sim.phone(5).text("hi").unwrap();
    let part = reqwest::multipart::Part::bytes(b"nonsense".to_vec()).file_name("a.jpg");
    let form = reqwest::multipart::Form::new().text("chat_id", "5").part("photo", part);
    let url = format!("{}/bot1:x/sendPhoto", sim.url());
    let request = reqwest::Client::new().post(url).multipart(form);
    let body: Value = request.send().await.unwrap().json().await.unwrap();
    assert_eq!(body["description"], "Bad Request: IMAGE_PROCESS_FAILED");
}

#[tokio::test]
async fn a_deleted_message_is_gone_and_cannot_be_deleted_again() {
    let sim = sim().await;
    let phone = sim.phone(5);
    phone.text("hi").unwrap();
    let (_, sent) = call(&sim, "sendMessage", json!({"chat_id": 5, "text": "oops"})).await;
    let message = json!({"chat_id": 5, "message_id": sent["result"]["message_id"]});
    let (_, body) = call(&sim, "deleteMessage", message.clone()).await;
    assert_eq!(body, json!({"ok": true, "result": true}));
    assert!(phone.from_bot().is_empty());
    let answer = refusal(&sim, "deleteMessage", message).await;
    assert_eq!(answer.1, "Bad Request: message to delete not found");
}

#[tokio::test]
async fn limits_answer_429_when_switched_on() {
    let sim = sim().await;
    sim.set_limits(Limits { enabled: true, chat_burst: 2.0, ..Limits::default() });
    sim.phone(5).text("hi").unwrap();
    let hello = json!({"chat_id": 5, "text": "hello"});
    for _ in 0..2 {
        assert_eq!(call(&sim, "sendMessage", hello.clone()).await.0, 200);
    }
    let (status, body) = call(&sim, "sendMessage", hello).await;
    assert_eq!(status, 429);
    assert_eq!(body["parameters"]["retry_after"], 1);
    assert_eq!(body["description"], "Too Many Requests: retry after 1");
}

#[tokio::test]
async fn an_album_is_a_message_each_and_several_are_deleted_at_once() {
    let sim = sim().await;
    let phone = sim.phone(5);
    phone.text("hi").unwrap();
    let media = json!([
        {"type": "document", "media": "attach://one", "caption": "both",
         "caption_entities": [{"type": "bold", "offset": 0, "length": 4}]},
        {"type": "document", "media": "attach://two"},
    ]);
    let part = |name| reqwest::multipart::Part::bytes(b"bytes".to_vec()).file_name(name);
    let form = reqwest::multipart::Form::new().text("chat_id", "5").text("media", media.to_string());
    let form = form.part("one", part("1.txt")).part("two", part("2.txt"));
    let url = format!("{}/bot1:x/sendMediaGroup", sim.url());
    let body: Value =
        reqwest::Client::new().post(url).multipart(form).send().await.unwrap().json().await.unwrap();
    let sent = body["result"].as_array().unwrap();
    assert_eq!((sent.len(), &sent[1]["document"]["file_name"]), (2, &json!("2.txt")));
    assert_eq!(sent[0]["media_group_id"], sent[1]["media_group_id"]);
    assert_eq!(sent[0]["caption_entities"][0]["type"], "bold");

    let mixed = json!([
        {"type": "document", "media": sent[0]["document"]["file_id"]},
        {"type": "photo", "media": "attach://none"},
    ]);
    let answer = refusal(&sim, "sendMediaGroup", json!({"chat_id": 5, "media": mixed})).await;
    assert!(answer.1.contains("can't be mixed"), "{answer:?}");

    let ids = json!([sent[0]["message_id"], 1, sent[1]["message_id"]]);
    let (_, body) = call(&sim, "deleteMessages", json!({"chat_id": 5, "message_ids": ids})).await;
    assert_eq!(body, json!({"ok": true, "result": true}));
    assert!(phone.from_bot().is_empty());
}
