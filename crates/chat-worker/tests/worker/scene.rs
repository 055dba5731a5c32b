//! A system with the worker at work, and somebody who writes.

use events::{
    Bus, Event, LogEvent, Outgoing, Service,
    chats::{ChatEvent, Direction, MessageReceived, MessageType, NoticeKind, Sender},
    derived_id,
    desk::{BotSettings, BotSettingsChanged},
    subjects,
    users::{Role, UserRegistered},
};
use process::Shutdown;
use store::chats::{self, ChatUser};
use testkit::System;
use tokio::task::JoinHandle;
use uuid::Uuid;

pub(crate) const ANNA: i64 = 42;
pub(crate) const BOT: i64 = 1;

/// A system with the worker at work.
pub(crate) struct Scene {
    pub(crate) system: System,
    pub(crate) bridge: Bus,
    pub(crate) edge: Bus,
    shutdown: Shutdown,
    worker: JoinHandle<anyhow::Result<()>>,
}

impl Scene {
    pub(crate) async fn new() -> Self {
        let system = System::start().await;
        register(&system, operator(), "+79241242417").await;
        let shutdown = Shutdown::new();
        let api_base_url = Some("https://vestnik.example".parse().unwrap());
        let config = chat_worker::Config { worker: system.worker_config(), api_base_url };
        let worker = tokio::spawn(chat_worker::run(config, shutdown.clone()));
        let (bridge, edge) = tokio::join!(system.bus(Service::BotBridge), system.bus(Service::HttpEdge));
        Self { system, bridge, edge, shutdown, worker }
    }

    pub(crate) async fn receive(&self, message: MessageReceived) {
        let event = Outgoing::request(Service::BotBridge, "telegram:42", message);
        self.bridge.publish(&event).await.unwrap();
    }

    /// What somebody says to the bot.
    pub(crate) async fn say(&self, number: i64, words: &str) {
        self.receive(text(number, words)).await;
    }

    pub(crate) async fn publish<E: Event>(&self, service: Service, event: E) {
        let event = Outgoing::request(service, "test", event);
        self.system.bus(service).await.publish(&event).await.unwrap();
    }

    /// How the bot behaves.
    pub(crate) async fn set(&self, settings: BotSettings) {
        self.publish(Service::HttpEdge, BotSettingsChanged { bot_id: BOT, settings }).await;
        self.settle().await;
    }

    /// What the bot was told to say: kind, words, and whether it asks for the phone.
    pub(crate) async fn said(&self) -> Vec<(NoticeKind, String, bool)> {
        self.settle().await;
        let log = self.system.log().await;
        let events = log.iter().map(|message| message.decode().unwrap().event);
        let notices = events.filter_map(|event| match event {
            LogEvent::Chat(ChatEvent::NoticeRequested(notice)) => {
                Some((notice.kind, notice.message_text, notice.asks_phone))
            }
            _ => None,
        });
        notices.collect()
    }

    pub(crate) async fn settle(&self) {
        self.system.settle(&[subjects::CHAT_WORKER, subjects::CHAT_WORKER_NOTICES]).await;
        // A fact of the worker's own comes back to it.
        self.system.settle(&[subjects::CHAT_WORKER]).await;
    }

    pub(crate) async fn events(&self) -> Vec<&'static str> {
        let log = self.system.log().await;
        log.iter().map(|message| message.decode().unwrap().event.name()).collect()
    }

    pub(crate) async fn stop(self) {
        self.system.no_dead_letters().await;
        self.shutdown.cancel();
        self.worker.await.unwrap().unwrap();
    }
}

pub(crate) async fn register(system: &System, user_id: Uuid, phone: &str) {
    let user =
        UserRegistered { user_id, phone: phone.into(), name: "Ольга".into(), role: Role::Operator };
    let registered = Outgoing::request(Service::HttpEdge, "test", user).recorded().unwrap();
    let mut conn = system.conn().await;
    store::apply(&mut conn, &[registered]).await.unwrap();
}

pub(crate) async fn chat(system: &System) -> Option<ChatUser> {
    let mut conn = system.conn().await;
    chats::by_user(&mut conn, ANNA).await.unwrap()
}

pub(crate) fn operator() -> Uuid {
    derived_id(&["operator"])
}

pub(crate) fn text(number: i64, words: &str) -> MessageReceived {
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
        bot_id: Some(BOT),
        entities: Vec::new(),
        details: None,
        album: None,
        raw: None,
    }
}
