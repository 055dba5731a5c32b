use reqwest::{Client, StatusCode};
use serde_json::{Value, json};

use crate::harness::{BOT_TOKEN, TestEdge, read};

async fn send(edge: &TestEdge, token: Option<&str>, body: Value) -> (StatusCode, Value) {
    let request = Client::new().post(format!("{}/api/chat-message", edge.public)).json(&body);
    let request = match token {
        Some(token) => request.bearer_auth(token),
        None => request,
    };
    read(request.send().await.unwrap()).await
}

fn message(change: impl FnOnce(&mut Value)) -> Value {
    let mut body = json!({"userId": 4242, "messageText": "Здравствуйте", "botType": "operator", "direction": "in",
        "firstName": "Иван"});
    change(&mut body);
    body
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_stored_before_it_is_answered_and_once() {
    let edge = TestEdge::start().await;
    let numbered = message(|body| body["telegramMessageId"] = json!(7));
    let (status, first) = send(&edge, None, numbered.clone()).await;
    assert_eq!((status, &first["success"]), (StatusCode::CREATED, &json!(true)), "{first}");
    let id = first["message"]["id"].as_str().unwrap().parse().unwrap();
    let stored = store::chats::message_by_id(&mut *edge.system.conn().await, id).await;
    assert!(!stored.unwrap().expect("it is in the table").verified, "nobody vouches for it");
    let mut other_text = numbered.clone();
    other_text["messageText"] = json!("Другое");
    assert_eq!(send(&edge, None, other_text).await, (StatusCode::CREATED, first.clone()), "the first again");
    // Whoever vouches for it is not shut out by one who does not.
    let (status, vouched) = send(&edge, Some(BOT_TOKEN), numbered).await;
    assert_eq!(status, StatusCode::CREATED);
    assert_ne!(vouched["message"]["id"], first["message"]["id"]);
    let (_, again) = send(&edge, None, message(|_| {})).await;
    let (_, once_more) = send(&edge, None, message(|_| {})).await;
    assert_ne!(
        again["message"]["id"], once_more["message"]["id"],
        "without a number nothing is a repetition"
    );
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_say_what() {
    let edge = TestEdge::start().await;
    let out = message(|body| body["direction"] = json!("out"));
    let (status, answer) = send(&edge, None, out.clone()).await;
    assert_eq!((status, &answer["code"]), (StatusCode::UNAUTHORIZED, &json!("token_required")));
    let (status, _) = send(&edge, Some("wrong"), message(|_| {})).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED, "a wrong token is not none");
    assert_eq!(send(&edge, Some(BOT_TOKEN), out).await.0, StatusCode::CREATED);
    let (status, answer) = send(&edge, None, json!({"userId": 1})).await;
    assert_eq!((status, &answer["code"]), (StatusCode::BAD_REQUEST, &json!("missing_fields")));
    let (status, _) = send(&edge, None, message(|body| body["userId"] = json!("me"))).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let (status, _) =
        send(&edge, None, message(|body| body["messageText"] = json!("x".repeat(1_000_000)))).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    let (status, answer) =
        send(&edge, None, message(|body| body["messageText"] = json!("ы".repeat(4_097)))).await;
    assert_eq!(
        (status, &answer["errors"][0]["code"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("too_long"))
    );
    // All at once: one after the other they might be slower than the limit.
    let many = (0..60).map(|_| send(&edge, None, message(|body| body["direction"] = json!("out"))));
    let answers = futures::future::join_all(many).await;
    assert!(answers.iter().any(|(status, _)| *status == StatusCode::TOO_MANY_REQUESTS), "{answers:?}");
    assert_eq!(
        send(&edge, Some(BOT_TOKEN), message(|_| {})).await.0,
        StatusCode::CREATED,
        "not for a known bot"
    );
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn any_origin_may_call_it_on_both_listeners() {
    let edge = TestEdge::start().await;
    for base in [&edge.public, &edge.backoffice] {
        let url = format!("{base}/api/chat-message");
        let preflight = Client::new()
            .request(reqwest::Method::OPTIONS, &url)
            .header("origin", "https://bot.example")
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "content-type")
            .send()
            .await
            .unwrap();
        assert_eq!(preflight.headers()["access-control-allow-origin"], "*");
        let refused = Client::new()
            .post(&url)
            .header("origin", "https://bot.example")
            .json(&json!({}))
            .send()
            .await
            .unwrap();
        assert_eq!(refused.status(), StatusCode::BAD_REQUEST);
        assert_eq!(refused.headers()["access-control-allow-origin"], "*", "refusals can be read, too");
        assert!(!refused.headers().contains_key("access-control-allow-credentials"));
    }
    edge.stop().await;
}
