//! What operators do to chats, by the API and by forms without script.

use events::{Event as _, Outgoing, Service, chats::MessageReceived, users::Role};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::{
    desk::{bridge, writes},
    harness::{Browser, TestEdge, eventually},
    live::Live,
};

const CHAT: &str = "/api/users/7/operator-chat";
const PAGE: &str = "/dashboard/users/7/operator-chat";

async fn listed(operator: &Browser, query: &str) -> Vec<i64> {
    let (status, list) = operator.get(&format!("/api/operator-chats?{query}")).await;
    assert_eq!(status, StatusCode::OK, "{list}");
    list["chats"].as_array().unwrap().iter().map(|chat| chat["userId"].as_i64().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_is_assigned_and_listed_by_whose_it_is() {
    let edge = TestEdge::start().await;
    let (anna, boris) = (edge.staff(Role::Operator).await, edge.staff(Role::Admin).await);
    for user in [7, 8, 9] {
        writes(&edge, user, "?").await;
    }
    let mut live = Live::open(&boris, "/api/operator-chats/live", None).await;
    let assign = format!("{CHAT}/assign");
    assert_eq!(anna.post(&assign, json!({"operatorId": "me"})).await.0, StatusCode::NO_CONTENT);
    let row = live.until("chat").await.data;
    assert_eq!((&row["assigneeId"], &row["assignee"]), (&json!(anna.user().id), &json!(anna.user().name)));
    let (status, to, _) = boris
        .form("/dashboard/users/8/operator-chat/assign", &[("operatorId", &anna.user().id.to_string())])
        .await;
    assert_eq!((status, to.as_str()), (StatusCode::SEE_OTHER, "/dashboard/users/8/operator-chat"));
    assert_eq!(listed(&anna, "assignee=me").await, [8, 7], "newest first");
    assert_eq!(listed(&boris, "assignee=me").await, [0; 0]);
    assert_eq!(listed(&boris, "assignee=nobody&status=open").await, [9]);
    assert!(anna.page("/dashboard/operator-chats?status=mine").await.1.contains("data-user=\"8\""));
    assert_eq!(anna.post(&assign, json!({"operatorId": null})).await.0, StatusCode::NO_CONTENT);
    assert_eq!(listed(&anna, "assignee=me").await, [8]);
    for wrong in [json!("nobody else"), json!(edge.user(Role::Customer).await.id)] {
        let answer = anna.post(&assign, json!({"operatorId": wrong})).await;
        assert_eq!(answer.0, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let names = anna.get("/api/operators").await.1;
    assert_eq!(names["operators"].as_array().unwrap().len(), 2);
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_banned_is_not_answered_until_they_are_heard_again() {
    let edge = TestEdge::start().await;
    let anna = edge.staff(Role::Operator).await;
    writes(&edge, 7, "?").await;
    assert_eq!(anna.post(&format!("{CHAT}/ban"), json!({"reason": " "})).await.0, StatusCode::BAD_REQUEST);
    let (status, to, _) = anna.form(&format!("{PAGE}/ban"), &[("reason", "спам")]).await;
    assert_eq!((status, to.as_str()), (StatusCode::SEE_OTHER, PAGE));
    let (status, answer) = anna.post(CHAT, json!({"messageText": "!"})).await;
    assert_eq!((status, &answer["code"]), (StatusCode::CONFLICT, &json!("banned")));
    let (_, list) = anna.get("/api/operator-chats").await;
    assert_eq!(
        (&list["chats"][0]["banned"], &list["chats"][0]["waitingSince"]),
        (&json!(true), &Value::Null)
    );
    let html = anna.page(PAGE).await.1;
    assert!(html.contains("спам") && html.contains("data-shut=\"banned\""));
    assert_eq!(anna.post(&format!("{CHAT}/unban"), json!({})).await.0, StatusCode::NO_CONTENT);
    assert_eq!(anna.post(CHAT, json!({"messageText": "!"})).await.0, StatusCode::ACCEPTED);
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_is_for_colleagues_and_goes_nowhere() {
    let edge = TestEdge::start().await;
    let (anna, boris) = (edge.staff(Role::Operator).await, edge.staff(Role::Operator).await);
    writes(&edge, 7, "?").await;
    let mut live = Live::open(&boris, "/api/operator-chats/live", None).await;
    let body = json!({"noteText": " Перезвонить ", "clientNoteId": "n"});
    let (status, answer) = anna.post(&format!("{CHAT}/notes"), body.clone()).await;
    assert_eq!((status, &answer["note"]["noteText"]), (StatusCode::CREATED, &json!("Перезвонить")));
    assert_eq!(live.until("note").await.data["note"], answer["note"]);
    let (_, again) = anna.post(&format!("{CHAT}/notes"), body).await;
    assert_eq!(again["note"]["id"], answer["note"]["id"], "twice is one");
    let (_, history) = anna.get(CHAT).await;
    assert_eq!(history["notes"].as_array().unwrap().len(), 1);
    assert_eq!(history["messages"].as_array().unwrap().len(), 1, "it is no message");
    let html = boris.page(PAGE).await.1;
    assert!(html.contains("class=\"note\"") && html.contains("Перезвонить"));
    let log = edge.system.log().await;
    assert!(!log.iter().any(|event| event.subject.ends_with("reply-requested")));
    let id = answer["note"]["id"].as_str().unwrap();
    let (status, ..) = boris.form(&format!("{PAGE}/notes/{id}/remove"), &[]).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    assert_eq!(live.until("note-removed").await.data["noteId"], *id);
    assert_eq!(anna.get(CHAT).await.1["notes"], json!([]));
    let gone = anna.send("DELETE", &format!("{CHAT}/notes/{id}"), json!({})).await;
    assert_eq!(gone.0, StatusCode::NOT_FOUND);
    edge.system.no_dead_letters().await;
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_failed_is_left_as_it_is_and_is_trouble_no_longer() {
    let edge = TestEdge::start().await;
    bridge(&edge, true).await;
    let anna = edge.staff(Role::Operator).await;
    writes(&edge, 7, "?").await;
    let (_, answer) = anna.post(CHAT, json!({"messageText": "!"})).await;
    let dismiss = format!("{CHAT}/{}/dismiss", answer["message"]["id"].as_str().unwrap());
    eventually("the failure to be told", async || {
        anna.get("/api/operator-chats").await.1["chats"][0]["deliveryTrouble"] == true
    })
    .await;
    assert!(anna.page(PAGE).await.1.contains("Telegram не принял"), "in words, not in Telegram's");
    assert_eq!(anna.post(&dismiss, json!({})).await.0, StatusCode::NO_CONTENT);
    assert_eq!(anna.get("/api/operator-chats").await.1["chats"][0]["deliveryTrouble"], false);
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ready_answers_are_written_filled_in_and_removed() {
    let edge = TestEdge::start().await;
    let anna = edge.staff(Role::Operator).await;
    writes(&edge, 7, "?").await;
    let path = "/dashboard/canned-replies";
    let id = uuid::Uuid::now_v7().to_string();
    let fields =
        [("id", id.as_str()), ("shortcut", "/Привет"), ("cannedText", "Здравствуйте, {first_name}! {x}")];
    let (status, to, _) = anna.form(path, &fields).await;
    assert_eq!((status, to.as_str()), (StatusCode::SEE_OTHER, path));
    let (_, list) = anna.get("/api/canned-replies").await;
    assert_eq!(list["cannedReplies"][0]["shortcut"], "привет");
    let html = anna.page(PAGE).await.1;
    assert!(html.contains("data-text=\"Здравствуйте, Иван! {x}\""), "an unknown hole stays to be seen");
    let other = format!("/api/canned-replies/{}", uuid::Uuid::now_v7());
    let body = json!({"shortcut": "привет", "cannedText": "!"});
    let (status, answer) = anna.send("PUT", &other, body).await;
    assert_eq!((status, &answer["errors"][0]["code"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("taken")));
    let (status, _, html) = anna.form(path, &[("id", &id), ("shortcut", "a b"), ("cannedText", "x")]).await;
    assert!(
        status == StatusCode::UNPROCESSABLE_ENTITY && html.contains("value=\"a b\""),
        "typed is not lost"
    );
    assert_eq!(anna.form(&format!("{path}/{id}/remove"), &[]).await.0, StatusCode::SEE_OTHER);
    assert_eq!(anna.get("/api/canned-replies").await.1["cannedReplies"], json!([]));
    edge.system.no_dead_letters().await;
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_finds_names_ids_and_what_was_said_in_any_case() {
    let edge = TestEdge::start().await;
    let anna = edge.staff(Role::Operator).await;
    writes(&edge, 7, "Где МОЙ заказ на 100%?").await;
    writes(&edge, 123_456_789, "Спасибо").await;
    let bus = edge.system.bus(Service::BotBridge).await;
    let named = MessageReceived { user_id: 9, message_text: "Ага".into(), ..MessageReceived::sample() };
    bus.publish(&Outgoing::request(Service::BotBridge, "test", named)).await.unwrap();
    eventually("all to be listed", async || listed(&anna, "").await.len() == 3).await;
    assert_eq!(listed(&anna, "search=мой%20ЗАКАЗ").await, [7]);
    assert_eq!(listed(&anna, "search=100%25").await, [7], "a wildcard stands for itself");
    assert_eq!(listed(&anna, "search=петров").await, [9]);
    assert_eq!(listed(&anna, "search=123456789").await, [123_456_789]);
    assert_eq!(listed(&anna, "search=нигде").await, [0; 0]);
    let (_, list) = anna.get("/api/operator-chats?search=заказ").await;
    assert_eq!(list["chats"][0]["hit"]["messageText"], "Где МОЙ заказ на 100%?");
    let html = anna.page("/dashboard/operator-chats?search=заказ").await.1;
    assert!(html.contains("Где МОЙ заказ") && html.contains("operator-chat?search="), "{html}");
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_is_what_will_be_sent() {
    let edge = TestEdge::without_workers().await;
    let anna = edge.staff(Role::Operator).await;
    let (status, preview) =
        anna.post("/api/operator-chats/preview", json!({"messageText": "**да** \\*нет\\*"})).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(preview["messageText"], "да *нет*");
    assert_eq!(preview["segments"], json!([{"text": "да", "marks": ["bold"]}, {"text": " *нет*"}]));
    edge.stop().await;
}
