//! Rows of the list, live: each as a page that is opened now shows it.

use events::{
    Event as _, Outgoing, Service,
    chats::{BotBlocked, MessageReceived, ReplySent},
    users::Role,
};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::{
    desk::{bridge, writes},
    harness::{TestEdge, eventually},
    live::Live,
};

/// The row after the event of this name and of this place in the log: the frame before its own.
async fn row(live: &mut Live, name: &str) -> Value {
    let mut row = Value::Null;
    loop {
        let frame = live.next().await.expect("the stream goes on");
        if frame.name == "chat" {
            row = frame.data;
        } else if frame.name == name {
            return row;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn trouble_is_over_for_open_lists_too_once_the_reply_was_sent_after_all() {
    let edge = TestEdge::start().await;
    bridge(&edge, true).await;
    let operator = edge.staff(Role::Operator).await;
    writes(&edge, 7, "?").await;
    let mut live = Live::open(&operator, "/api/operator-chats/live", None).await;
    let (_, answer) = operator.post("/api/users/7/operator-chat", json!({"messageText": "!"})).await;
    let id = answer["message"]["id"].as_str().unwrap();
    assert_eq!(row(&mut live, "delivery").await["deliveryTrouble"], true, "it has failed");
    let path = format!("/api/users/7/operator-chat/{id}/retry");
    eventually("the failure to be in the table", async || {
        operator.post(&path, json!({})).await.0 == StatusCode::ACCEPTED
    })
    .await;
    assert_eq!(row(&mut live, "delivery").await["deliveryTrouble"], false, "it is tried again");
    let log = edge.system.log().await;
    let wish = log.iter().find(|event| event.subject.ends_with("retry-requested")).unwrap();
    let sent =
        ReplySent { user_id: 7, message_id: id.parse().unwrap(), attempt: 2, part: 0, ..ReplySent::sample() };
    let fact = Outgoing::fact(Service::BotBridge, &wish.meta.clone().unwrap(), 0, None, events::now(), &sent);
    edge.system.bus(Service::BotBridge).await.publish(&fact).await.unwrap();
    assert_eq!(row(&mut live, "delivery").await["deliveryTrouble"], false, "it was sent");
    writes(&edge, 7, "спасибо").await;
    assert_eq!(row(&mut live, "message").await["deliveryTrouble"], false, "and is history");
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_blocks_one_bot_is_still_answered_by_the_other() {
    let edge = TestEdge::start().await;
    let operator = edge.staff(Role::Operator).await;
    let bus = edge.system.bus(Service::BotBridge).await;
    let said = |bot_id| {
        let event = MessageReceived {
            user_id: 7,
            message_id: uuid::Uuid::now_v7(),
            telegram_message_id: None,
            bot_id: Some(bot_id),
            ..MessageReceived::sample()
        };
        Outgoing::request(Service::BotBridge, "test", event)
    };
    let mut live = Live::open(&operator, "/api/operator-chats/live", None).await;
    bus.publish(&said(1)).await.unwrap();
    row(&mut live, "message").await;
    let blocked = BotBlocked { user_id: 7, bot_id: Some(2) };
    bus.publish(&Outgoing::request(Service::BotBridge, "test", blocked)).await.unwrap();
    assert_eq!(live.until("chat").await.data["botBlocked"], false, "another bot");
    bus.publish(&said(1)).await.unwrap();
    assert_eq!(row(&mut live, "message").await["botBlocked"], false);
    let blocked = BotBlocked { user_id: 7, bot_id: Some(1) };
    bus.publish(&Outgoing::request(Service::BotBridge, "test", blocked)).await.unwrap();
    assert_eq!(live.until("chat").await.data["botBlocked"], true, "this one");
    edge.stop().await;
}
