use events::{
    Outgoing, Service,
    chats::{BotBlocked, ReplyFailed, ReplySent},
    users::Role,
};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::{
    harness::{BOT_TOKEN, TestEdge, eventually, read},
    live::Live,
};

pub(crate) async fn writes(edge: &TestEdge, user: i64, text: &str) -> Value {
    let body = json!({"userId": user, "messageText": text, "botType": "operator", "direction": "in",
        "firstName": "Иван", "username": "ivan_p"});
    let request = reqwest::Client::new()
        .post(format!("{}/api/chat-message", edge.public))
        .bearer_auth(BOT_TOKEN)
        .json(&body);
    let (status, answer) = read(request.send().await.unwrap()).await;
    assert_eq!(status, StatusCode::CREATED, "{answer}");
    answer["message"].clone()
}

/// Answers every reply as the bridge would.
pub(crate) async fn bridge(edge: &TestEdge, fails: bool) {
    let bus = edge.system.bus(Service::BotBridge).await;
    let reader = edge.system.bus(Service::HttpEdge).await;
    tokio::spawn(async move {
        let start = events::bus::TailStart::Beginning;
        let mut tail = reader.tail(&["chats.*.reply-requested"], start).await.unwrap();
        while let Some(Ok(message)) = tail.next().await {
            let recorded = message.decode().unwrap();
            let events::LogEvent::Chat(events::chats::ChatEvent::ReplyRequested(wish)) = &recorded.event
            else {
                continue;
            };
            let (user_id, message_id, now) = (wish.user_id, wish.message_id, events::now());
            let fact = if fails {
                let event = ReplyFailed {
                    user_id,
                    message_id,
                    code: "rejected".into(),
                    reason: "Bad Request".into(),
                    attempt: 1,
                    part: 0,
                };
                Outgoing::fact(Service::BotBridge, &recorded.meta, 0, None, now, &event)
            } else {
                let event = ReplySent {
                    user_id,
                    message_id,
                    telegram_message_id: 99,
                    sent_at: now,
                    attempt: 1,
                    part: 0,
                    telegram_message_ids: Vec::new(),
                    plain: false,
                };
                Outgoing::fact(Service::BotBridge, &recorded.meta, 0, None, now, &event)
            };
            bus.publish(&fact).await.unwrap();
        }
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_is_listed_read_answered_and_closed() {
    let edge = TestEdge::start().await;
    bridge(&edge, false).await;
    let operator = edge.staff(Role::Operator).await;
    let mut live = Live::open(&operator, "/api/operator-chats/live", None).await;
    let message = writes(&edge, 4242, "Здравствуйте").await;
    let chat = live.until("chat").await;
    assert_eq!((&chat.data["userId"], &chat.data["unreadCount"], &chat.id), (&json!(4242), &json!(1), &None));
    let heard = live.until("message").await;
    assert_eq!((&heard.data["message"]["id"], &heard.data["userId"]), (&message["id"], &json!(4242)));

    let (status, list) = operator.get("/api/operator-chats?status=open&search=ivan").await;
    assert_eq!(status, StatusCode::OK);
    let row = &list["chats"][0];
    assert_eq!(
        (&row["firstName"], &row["status"], &row["unreadCount"]),
        (&json!("Иван"), &json!("open"), &json!(1))
    );
    assert_eq!(row["lastMessage"]["messageText"], "Здравствуйте");

    let (status, _) =
        operator.post("/api/users/4242/operator-chat/read", json!({"upTo": message["id"]})).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    assert_eq!(operator.get("/api/operator-chats").await.1["chats"][0]["unreadCount"], 0);

    let body = json!({"messageText": " Уже смотрим ", "clientMessageId": "c-1", "replyTo": message["id"]});
    let (status, answer) = operator.post("/api/users/4242/operator-chat", body.clone()).await;
    assert_eq!(status, StatusCode::CREATED, "{answer}");
    let reply = &answer["message"];
    assert_eq!((&reply["messageText"], &reply["delivery"]["state"]), (&json!("Уже смотрим"), &json!("sent")));
    assert_eq!(reply["telegramMessageId"], 99);
    let delivered = live.until("delivery").await;
    assert_eq!(
        (&delivered.data["messageId"], &delivered.data["delivery"]["state"]),
        (&reply["id"], &json!("sent"))
    );
    eventually("the reply to be in the history", async || {
        let (_, history) = operator.get("/api/users/4242/operator-chat").await;
        history["messages"][1]["delivery"]["state"] == "sent"
    })
    .await;
    let (status, again) = operator.post("/api/users/4242/operator-chat", body).await;
    assert_eq!((status, &again["message"]["id"]), (StatusCode::CREATED, &reply["id"]), "twice is one");
    let (_, history) = operator.get("/api/users/4242/operator-chat").await;
    assert_eq!(history["messages"].as_array().unwrap().len(), 2);
    assert_eq!(history["user"]["username"], "ivan_p");

    let closed = json!({"userId": 4242, "status": "closed"});
    assert_eq!(operator.send("PATCH", "/api/operator-chats", closed.clone()).await, (StatusCode::OK, closed));
    assert_eq!(operator.get("/api/operator-chats?status=open").await.1["chats"], json!([]));
    let (status, _) =
        operator.send("PATCH", "/api/operator-chats", json!({"userId": 1, "status": "open"})).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    edge.system.no_dead_letters().await;
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_failed_says_why_and_is_sent_again_once() {
    let edge = TestEdge::start().await;
    bridge(&edge, true).await;
    let operator = edge.staff(Role::Operator).await;
    writes(&edge, 7, "?").await;
    let (status, answer) = operator.post("/api/users/7/operator-chat", json!({"messageText": "!"})).await;
    assert_eq!(
        (status, &answer["message"]["delivery"]["reason"]),
        (StatusCode::CREATED, &json!("Bad Request"))
    );
    let path = format!("/api/users/7/operator-chat/{}/retry", answer["message"]["id"].as_str().unwrap());
    eventually("the failure to be in the table", async || {
        operator.post(&path, json!({})).await.0 == StatusCode::ACCEPTED
    })
    .await;
    operator.post(&path, json!({})).await;
    let retries =
        edge.system.log().await.into_iter().filter(|event| event.subject.ends_with("retry-requested"));
    assert_eq!(retries.count(), 1);
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_is_refused_when_it_should_be() {
    let edge = TestEdge::start().await;
    let (anna, boris) = (edge.staff(Role::Operator).await, edge.staff(Role::Admin).await);
    let path = "/api/users/11/operator-chat";
    assert_eq!(anna.post(path, json!({"messageText": "!"})).await.0, StatusCode::NOT_FOUND);
    writes(&edge, 11, "?").await;
    let code = |answer: (StatusCode, Value)| (answer.0.as_u16(), answer.1["code"].clone());
    assert_eq!(code(anna.post(path, json!({"messageText": " "})).await), (400, json!("missing_fields")));
    let long = json!({"messageText": "я".repeat(16_385)});
    assert_eq!(code(anna.post(path, long).await), (422, json!("invalid_fields")));
    let emoji = json!({"messageText": "🙂".repeat(8_193)});
    assert_eq!(code(anna.post(path, emoji).await), (422, json!("invalid_fields")), "two units each");
    // Nobody delivers: it is queued.
    let (status, answer) = anna.post(path, json!({"messageText": "Первая"})).await;
    assert_eq!((status, &answer["message"]["delivery"]["state"]), (StatusCode::ACCEPTED, &json!("queued")));
    let late = json!({"messageText": "Вторая", "seenSequence": 1});
    assert_eq!(code(boris.post(path, late.clone()).await), (409, json!("newer_reply_exists")));
    assert_eq!(anna.post(path, late).await.0, StatusCode::ACCEPTED, "one's own is no colleague's");
    let blocked = Outgoing::request(Service::BotBridge, "test", BotBlocked { user_id: 11, bot_id: None });
    edge.system.bus(Service::BotBridge).await.publish(&blocked).await.unwrap();
    eventually("the bot to be blocked", async || {
        code(anna.post(path, json!({"messageText": "!"})).await) == (409, json!("bot_blocked"))
    })
    .await;
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn colleagues_see_each_other_typing() {
    let edge = TestEdge::start().await;
    let (anna, boris) = (edge.staff(Role::Operator).await, edge.staff(Role::Operator).await);
    let mut hers = Live::open(&anna, "/api/operator-chats/live", None).await;
    let mut his = Live::open(&boris, "/api/operator-chats/live", None).await;
    let typing = "/api/users/5/operator-chat/typing";
    let seen = async {
        tokio::select! {
            frame = his.until("typing") => frame,
            () = async {
                loop {
                    assert_eq!(anna.post(typing, json!({})).await.0, StatusCode::NO_CONTENT);
                    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
                }
            } => unreachable!(),
        }
    };
    assert_eq!(seen.await.data["name"], anna.user().name);
    boris.post(typing, json!({})).await;
    let frame = hers.until("typing").await;
    assert_eq!(frame.data["operatorId"], json!(boris.user().id), "one's own typing is no news");
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_staff_with_a_role_for_it_may_read_chats_and_only_admins_credit() {
    let edge = TestEdge::start().await;
    let (auditor, admin) = (edge.staff(Role::Auditor).await, edge.staff(Role::Admin).await);
    let operator = edge.staff(Role::Operator).await;
    assert_eq!(auditor.get("/api/operator-chats").await.0, StatusCode::FORBIDDEN);
    assert_eq!(
        edge.browser().get("/api/operator-chats").await.0,
        StatusCode::NOT_FOUND,
        "not on the public site"
    );
    let customer = edge.user(Role::Customer).await;
    let path = format!("/api/admin/users/{}/credit", customer.id);
    let body = json!({"amount": 150.5, "reason": "Пополнение"});
    assert_eq!(operator.keyed(&path, "k", &body).await.0, StatusCode::FORBIDDEN);
    assert_eq!(admin.post(&path, body.clone()).await.1["code"], "idempotency_key_required");
    for _ in 0..2 {
        let (status, answer) = admin.keyed(&path, "k", &body).await;
        assert_eq!(
            (status, &answer["balance"]["available"]),
            (StatusCode::CREATED, &json!(150.5)),
            "{answer}"
        );
    }
    let dearer = json!({"amount": 1150.5, "reason": "Пополнение"});
    let (status, answer) = admin.keyed(&path, "k", &dearer).await;
    assert_eq!((status, &answer["code"]), (StatusCode::CONFLICT, &json!("idempotency_mismatch")));
    let nobody = format!("/api/admin/users/{}/credit", uuid::Uuid::now_v7());
    for _ in 0..2 {
        assert_eq!(
            admin.keyed(&nobody, "k", &body).await.0,
            StatusCode::NOT_FOUND,
            "not done the second time"
        );
    }
    edge.stop().await;
}
