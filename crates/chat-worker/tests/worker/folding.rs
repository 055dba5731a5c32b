//! What is published becomes the tables.

use events::{
    Outgoing, Service,
    chats::{ChatClosed, MessageEdited, ReplyRequested, ReplySent},
    derived_id, subjects,
};
use store::chats::{self, DeliveryState, Status};
use testkit::wait_for;

use crate::scene::{ANNA, Scene, chat, register, text};

#[tokio::test(flavor = "multi_thread")]
async fn messages_become_a_chat_and_twice_is_once() {
    let scene = Scene::new().await;
    let event = Outgoing::request(Service::BotBridge, "telegram:42", text(1, "Здравствуйте"));
    scene.bridge.publish(&event).await.unwrap();
    // The same under an id of its own, as after the broker has forgotten it.
    scene.receive(text(1, "Здравствуйте")).await;
    scene.receive(text(2, "Есть вопрос")).await;
    scene.settle().await;
    let mut conn = scene.system.conn().await;
    let page = chats::history(&mut conn, ANNA, None, 10).await.unwrap();
    let texts: Vec<_> = page.messages.iter().map(|one| one.message_text.as_str()).collect();
    assert_eq!(texts, ["Здравствуйте", "Есть вопрос"]);
    drop(conn);
    scene.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_in_a_closed_chat_opens_it_by_a_fact() {
    let scene = Scene::new().await;
    scene.receive(text(1, "раз")).await;
    let closed = Outgoing::request(Service::HttpEdge, "operator", ChatClosed { user_id: ANNA });
    scene.edge.publish(&closed).await.unwrap();
    scene.settle().await;
    let status = async || chat(&scene.system).await.map(|chat| chat.status);
    assert_eq!(status().await, Some(Status::Closed));
    scene.receive(text(2, "два")).await;
    wait_for("the chat to be open again", async || status().await == Some(Status::Open)).await;
    scene.settle().await;
    let expected = ["chat.message-received", "chat.closed", "chat.message-received", "chat.opened"];
    assert_eq!(scene.events().await, expected);
    scene.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outcome_that_overtook_its_message_is_tried_again() {
    let scene = Scene::new().await;
    let message_id = derived_id(&["reply"]);
    // Nobody knows this operator yet, so the reply fails and is tried again later.
    let reply = ReplyRequested {
        user_id: ANNA,
        message_id,
        bot_type: "operator".into(),
        message_text: "ответ".into(),
        reply_to_telegram_id: None,
        operator_id: derived_id(&["newcomer"]),
        bot_id: None,
        entities: Vec::new(),
        files: Vec::new(),
        parts: Vec::new(),
        client_message_id: None,
    };
    scene.edge.publish(&Outgoing::request(Service::HttpEdge, "operator", reply)).await.unwrap();
    let sent = ReplySent {
        user_id: ANNA,
        message_id,
        telegram_message_id: 7,
        sent_at: events::now(),
        attempt: 1,
        part: 0,
        telegram_message_ids: Vec::new(),
        plain: false,
    };
    scene.bridge.publish(&Outgoing::request(Service::BotBridge, "bridge", sent)).await.unwrap();
    wait_for("both to be given back", async || {
        let bus = scene.system.bus(Service::Provision).await;
        let info = bus.consumer_info(subjects::CHAT_WORKER.name).await.unwrap();
        info.num_pending == 0 && info.num_redelivered == 2
    })
    .await;
    register(&scene.system, derived_id(&["newcomer"]), "+79990000001").await;
    scene.settle().await;
    let mut conn = scene.system.conn().await;
    let message = chats::message_by_id(&mut conn, message_id).await.unwrap().unwrap();
    assert_eq!(message.delivery.unwrap().state, DeliveryState::Sent);
    drop(conn);
    scene.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_of_a_message_from_before_our_time_is_let_go() {
    let scene = Scene::new().await;
    let edit = MessageEdited {
        user_id: ANNA,
        telegram_message_id: 5,
        message_text: "правка".into(),
        edited_at: events::now(),
        bot_id: Some(crate::scene::BOT),
        entities: Vec::new(),
        raw: None,
    };
    scene.bridge.publish(&Outgoing::request(Service::BotBridge, "telegram:42", edit)).await.unwrap();
    scene.receive(text(6, "дальше")).await;
    scene.settle().await;
    assert!(chat(&scene.system).await.is_some());
    scene.stop().await;
}
