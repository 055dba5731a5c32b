//! The worker against a real broker and a real database: what is published becomes the tables.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use events::{
    Bus, Outgoing, Service,
    chats::{
        ChatClosed, Direction, MessageEdited, MessageReceived, MessageType, ReplyRequested, ReplySent, Sender,
    },
    derived_id, subjects,
    users::{Role, UserRegistered},
};
use process::Shutdown;
use store::chats::{self, ChatUser, DeliveryState, Status};
use testkit::{System, wait_for};
use tokio::task::JoinHandle;
use uuid::Uuid;

const ANNA: i64 = 42;

/// A system with the worker at work.
struct Scene {
    system: System,
    bridge: Bus,
    edge: Bus,
    shutdown: Shutdown,
    worker: JoinHandle<anyhow::Result<()>>,
}

impl Scene {
    async fn new() -> Self {
        let system = System::start().await;
        register(&system, operator(), "+79241242417").await;
        let shutdown = Shutdown::new();
        let config = system.worker_config();
        let worker = tokio::spawn(chat_worker::run(config, shutdown.clone()));
        let (bridge, edge) = tokio::join!(system.bus(Service::BotBridge), system.bus(Service::HttpEdge));
        Self { system, bridge, edge, shutdown, worker }
    }

    async fn receive(&self, message: MessageReceived) {
        let event = Outgoing::request(Service::BotBridge, "telegram:42", message);
        self.bridge.publish(&event).await.unwrap();
    }

    async fn settle(&self) {
        self.system.settle(&[subjects::CHAT_WORKER]).await;
        // A fact of the worker's own comes back to it.
        self.system.settle(&[subjects::CHAT_WORKER]).await;
    }

    async fn events(&self) -> Vec<&'static str> {
        let log = self.system.log().await;
        log.iter().map(|message| message.decode().unwrap().event.name()).collect()
    }

    async fn stop(self) {
        self.system.no_dead_letters().await;
        self.shutdown.cancel();
        self.worker.await.unwrap().unwrap();
    }
}

async fn register(system: &System, user_id: Uuid, phone: &str) {
    let user =
        UserRegistered { user_id, phone: phone.into(), name: "Ольга".into(), role: Role::Operator };
    let registered = Outgoing::request(Service::HttpEdge, "test", user).recorded().unwrap();
    let mut conn = system.conn().await;
    store::apply(&mut conn, &[registered]).await.unwrap();
}

async fn chat(system: &System) -> Option<ChatUser> {
    let mut conn = system.conn().await;
    chats::by_user(&mut conn, ANNA).await.unwrap()
}

fn operator() -> Uuid {
    derived_id(&["operator"])
}

fn text(number: i64, words: &str) -> MessageReceived {
    MessageReceived {
        user_id: ANNA,
        message_id: derived_id(&["in", &number.to_string()]),
        bot_type: "operator".into(),
        direction: Direction::In,
        telegram_message_id: Some(number),
        message_type: MessageType::Text,
        message_text: words.into(),
        from: Sender { first_name: Some("Анна".into()), ..Sender::default() },
        attachment: None,
        reply_to_telegram_id: None,
        sent_at: events::now(),
        verified: true,
        bot_id: Some(1),
        entities: Vec::new(),
        details: None,
        album: None,
        raw: None,
    }
}

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
        bot_id: Some(1),
        entities: Vec::new(),
        raw: None,
    };
    scene.bridge.publish(&Outgoing::request(Service::BotBridge, "telegram:42", edit)).await.unwrap();
    scene.receive(text(6, "дальше")).await;
    scene.settle().await;
    assert!(chat(&scene.system).await.is_some());
    scene.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shared_phone_links_the_account() {
    let scene = Scene::new().await;
    let contact = MessageReceived {
        message_type: MessageType::Contact,
        raw: Some(serde_json::json!(
            {"message": {"contact": {"user_id": ANNA, "phone_number": "79241242417"}}}
        )),
        ..text(1, "")
    };
    scene.receive(contact).await;
    wait_for("the link", async || {
        chat(&scene.system).await.is_some_and(|chat| chat.linked_user_id == Some(operator()))
    })
    .await;
    scene.settle().await;
    assert_eq!(scene.events().await, ["chat.message-received", "user.telegram-linked"]);
    scene.stop().await;
}
