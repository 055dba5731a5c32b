//! Acting as a person over HTTP, from another process.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use reqwest::{Client, Method};
use serde_json::{Value, json};
use telegram_sim::{Config, Sim};

async fn sim() -> Sim {
    telegram_sim::start(Config::for_tests()).await.unwrap()
}

async fn ask(sim: &Sim, method: Method, path: &str, body: Value) -> (u16, Value) {
    let request = Client::new().request(method, format!("{}/sim/api{path}", sim.url()));
    let response = request.json(&body).send().await.unwrap();
    let status = response.status().as_u16();
    (status, response.json().await.unwrap_or(Value::Null))
}

async fn post(sim: &Sim, path: &str, body: Value) -> (u16, Value) {
    ask(sim, Method::POST, path, body).await
}

async fn get(sim: &Sim, path: &str) -> Value {
    ask(sim, Method::GET, path, Value::Null).await.1
}

async fn bot(sim: &Sim, method: &str, params: Value) -> Value {
    let request = Client::new().post(format!("{}/bot1:x/{method}", sim.url()));
    let response = request.json(&params).send().await.unwrap();
    response.json().await.unwrap()
}

#[tokio::test]
async fn a_person_is_made_writes_reads_and_blocks() {
    let sim = sim().await;
    let (status, user) = post(&sim, "/users", json!({"first_name": "Анна"})).await;
    assert_eq!((status, &user["first_name"]), (201, &json!("Анна")));
    let id = user["id"].as_i64().unwrap();
    let path = format!("/users/{id}/messages");

    let (status, written) = post(&sim, &path, json!({"text": "привет"})).await;
    assert_eq!(status, 201);
    bot(&sim, "sendMessage", json!({"chat_id": id, "text": "здравствуйте"})).await;

    let after = written["message_id"].as_i64().unwrap();
    let read = get(&sim, &format!("{path}?after={after}&wait=5")).await;
    assert_eq!(read["messages"].as_array().unwrap().len(), 1);
    assert_eq!(read["messages"][0]["text"], "здравствуйте");
    assert_eq!(read["messages"][0]["from_bot"], true);
    let own = get(&sim, &format!("{path}?from=user")).await;
    assert_eq!(own["messages"][0]["text"], "привет");

    assert_eq!(post(&sim, &format!("/users/{id}/block"), json!({})).await.0, 204);
    let (status, problem) = post(&sim, &path, json!({"text": "?"})).await;
    assert_eq!((status, &problem["error"]), (409, &json!("the user has blocked the bot")));
    assert_eq!(post(&sim, &format!("/users/{id}/unblock"), json!({})).await.0, 204);
    assert_eq!(post(&sim, "/users/1/messages", json!({"text": "?"})).await.0, 404);
}

#[tokio::test]
async fn waiting_for_the_bot_ends_when_it_writes() {
    let sim = sim().await;
    sim.phone(5).text("hi").unwrap();
    let waiting = get(&sim, "/users/5/messages?from=bot&wait=20");
    let writing = bot(&sim, "sendMessage", json!({"chat_id": 5, "text": "there"}));
    let (read, _) = futures::future::join(waiting, writing).await;
    assert_eq!(read["messages"][0]["text"], "there");
}

#[tokio::test]
async fn other_kinds_of_messages_are_passed_on() {
    let sim = sim().await;
    sim.phone(5);
    let place = json!({"location": {"latitude": 43.1, "longitude": 131.9}});
    post(&sim, "/users/5/messages", place.clone()).await;
    post(&sim, "/updates", json!({"poll_from_the_future": {"id": 1}})).await;
    let updates = bot(&sim, "getUpdates", json!({})).await;
    assert_eq!(updates["result"][0]["message"]["location"], place["location"]);
    assert_eq!(updates["result"][1]["poll_from_the_future"]["id"], 1);
}

#[tokio::test]
async fn several_files_are_an_album() {
    let sim = sim().await;
    sim.phone(5);
    let part = || reqwest::multipart::Part::bytes(b"%PDF".to_vec()).file_name("a.pdf");
    let form = reqwest::multipart::Form::new()
        .text("kind", "document")
        .text("caption", "договор")
        .part("file", part())
        .part("file", part());
    let url = format!("{}/sim/api/users/5/files", sim.url());
    let response = Client::new().post(url).multipart(form).send().await.unwrap();
    assert_eq!(response.status(), 201);
    let updates = bot(&sim, "getUpdates", json!({})).await;
    let [first, second] = [0, 1].map(|at| &updates["result"][at]["message"]);
    assert_eq!(first["media_group_id"], second["media_group_id"]);
    assert!(first["media_group_id"].is_string());
    assert_eq!(first["caption"], "договор");
    assert_eq!(second["document"]["file_name"], "a.pdf");
}

#[tokio::test]
async fn faults_are_put_listed_and_removed() {
    let sim = sim().await;
    let fault = json!({"method": "getMe", "kind": "error", "code": 500});
    let (status, put) = post(&sim, "/faults", fault).await;
    assert_eq!(status, 201);
    assert_eq!(bot(&sim, "getMe", json!({})).await["error_code"], 500);
    let listed = get(&sim, "/faults").await;
    assert_eq!(listed[0]["id"], put["id"]);
    assert_eq!(listed[0]["method"], "getMe");
    let path = format!("/faults/{}", put["id"]);
    assert_eq!(ask(&sim, Method::DELETE, &path, Value::Null).await.0, 204);
    assert_eq!(bot(&sim, "getMe", json!({})).await["ok"], true);
}

#[tokio::test]
async fn sends_and_repetitions_are_counted() {
    let sim = sim().await;
    sim.phone(5).text("hi").unwrap();
    for text in ["once", "twice", "twice"] {
        bot(&sim, "sendMessage", json!({"chat_id": 5, "text": text})).await;
    }
    let stats = get(&sim, "/stats").await;
    assert_eq!(stats["calls"]["sendMessage"]["ok"], 3);
    assert_eq!(stats["sent"], 3);
    let repeated = json!([{"chat_id": 5, "text": "twice", "times": 2}]);
    assert_eq!(stats["sent_repeatedly"], repeated);
    let sends = get(&sim, "/sends?after=1").await;
    assert_eq!(sends["sends"][1]["text"], "twice");
    assert_eq!((&sends["next"], &sends["total"]), (&json!(3), &json!(3)));
}

#[tokio::test]
async fn a_bulk_is_everybodys_first_message_then_everybodys_second() {
    let sim = sim().await;
    let bulk = json!({"users": 30, "messages_per_user": 5, "text": "{user}:{n}"});
    let (status, summary) = post(&sim, "/bulk", bulk).await;
    assert_eq!((status, &summary["messages"]), (201, &json!(150)));
    let updates = bot(&sim, "getUpdates", json!({})).await;
    let text = |at: usize| updates["result"][at]["message"]["text"].clone();
    assert_eq!(updates["result"].as_array().unwrap().len(), 100);
    assert_eq!(text(0), "1000000001:0");
    assert_eq!(text(29), "1000000030:0");
    assert_eq!(text(30), "1000000001:1");
}

#[tokio::test]
async fn another_site_may_not_act_here() {
    let sim = sim().await;
    sim.phone(5);
    let url = format!("{}/sim/api/users/5/block", sim.url());
    let request = Client::new().post(&url).header("sec-fetch-site", "cross-site");
    assert_eq!(request.send().await.unwrap().status(), 403);
    let request = Client::new().post(url).header("sec-fetch-site", "same-origin");
    assert_eq!(request.send().await.unwrap().status(), 204);
}

#[tokio::test]
async fn signs_are_put_and_taken_and_the_bot_hears_of_it_when_it_asked() {
    let sim = sim().await;
    let id = sim.phone(5).text("hi").unwrap();
    let put = async |signs: Value| {
        let path = format!("/users/5/messages/{id}/reactions");
        ask(&sim, Method::PUT, &path, json!({"reactions": signs})).await.0
    };
    assert_eq!(put(json!(["👍"])).await, 204);
    let asked = json!({"allowed_updates": ["message", "message_reaction"]});
    assert_eq!(
        bot(&sim, "getUpdates", asked.clone()).await["result"].as_array().unwrap().len(),
        1,
        "not asked for"
    );
    assert_eq!(put(json!(["🔥", "★"])).await, 204);
    assert_eq!(put(json!([])).await, 204);
    let updates = bot(&sim, "getUpdates", asked).await;
    let reaction = &updates["result"][1]["message_reaction"];
    assert_eq!(reaction["old_reaction"], json!([{"type": "emoji", "emoji": "👍"}]));
    assert_eq!(reaction["new_reaction"][0]["emoji"], "🔥");
    assert_eq!(reaction["new_reaction"][1]["type"], "custom_emoji");
    assert_eq!(updates["result"][2]["message_reaction"]["new_reaction"], json!([]));
    assert_eq!(
        ask(&sim, Method::PUT, "/users/5/messages/1/reactions", json!({"reactions": []})).await.0,
        404
    );
}
