use events::{
    Event, LogEvent, Meta, Outgoing, Recorded, Service,
    chats::{Direction, MessageReceived, MessageType, ReplyRequested, ReplySent, Sender},
    derived_id,
    users::{Role, UserRegistered},
};
use jiff::{SignedDuration, Timestamp};
use store::{Conn, PooledConn, chats::Message};
use testkit::TestDatabase;
use uuid::Uuid;

/// A log of chat events, and a database that follows it.
pub(crate) struct Scene {
    pub(crate) conn: PooledConn,
    log: u64,
}

pub(crate) const ANNA: i64 = 42;
pub(crate) const BORIS: i64 = 43;

pub(crate) fn operator() -> Uuid {
    derived_id(&["operator"])
}

impl Scene {
    pub(crate) async fn new() -> Self {
        let database = TestDatabase::create().await;
        let mut conn = database.store().conn().await.unwrap();
        register_operator(&mut conn).await;
        Self { conn, log: 0 }
    }

    /// The next event of the log.
    pub(crate) fn record<E: Event + Into<LogEvent>>(&mut self, event: E) -> Recorded {
        self.log += 1;
        recorded(self.log, event)
    }

    /// Lets it happen and returns it, to be repeated.
    pub(crate) async fn happen<E: Event + Into<LogEvent>>(&mut self, event: E) -> Recorded {
        let recorded = self.record(event);
        self.apply(std::slice::from_ref(&recorded)).await;
        recorded
    }

    pub(crate) async fn apply(&mut self, slice: &[Recorded]) {
        store::apply(&mut self.conn, slice).await.unwrap();
    }

    pub(crate) async fn message(&mut self, id: Uuid) -> Message {
        store::chats::message_by_id(&mut self.conn, id).await.unwrap().expect("the message is stored")
    }

    pub(crate) async fn texts(&mut self, user: i64) -> Vec<String> {
        let page = store::chats::history(&mut self.conn, user, None, 100).await.unwrap();
        page.messages.into_iter().map(|message| message.message_text).collect()
    }
}

pub(crate) async fn register_operator(conn: &mut Conn) {
    let registered = UserRegistered {
        user_id: operator(),
        phone: "+79990000000".into(),
        name: "Ольга".into(),
        role: Role::Operator,
    };
    store::apply(conn, &[recorded(1, registered)]).await.unwrap();
}

/// An event at a position of the log; its time follows the position.
pub(crate) fn recorded<E: Event + Into<LogEvent>>(position: u64, event: E) -> Recorded {
    let id = derived_id(&["test", &position.to_string()]);
    let outgoing = Outgoing::request_with_id(id, Service::HttpEdge, "test", event);
    let time = at(position);
    let recorded = outgoing.recorded().unwrap();
    Recorded { position: Some(position), meta: Meta { time, ..recorded.meta }, ..recorded }
}

pub(crate) fn at(position: u64) -> Timestamp {
    let start: Timestamp = "2026-11-21T10:00:00Z".parse().unwrap();
    start + SignedDuration::from_secs(i64::try_from(position).unwrap())
}

pub(crate) fn named(first_name: &str) -> Sender {
    Sender { first_name: Some(first_name.into()), ..Sender::default() }
}

/// The bot that everybody writes to.
pub(crate) const BOT: i64 = 7_001;

/// A text of a Telegram user, under Telegram's id `number`.
pub(crate) fn text(user_id: i64, number: i64, words: &str) -> MessageReceived {
    MessageReceived {
        user_id,
        message_id: derived_id(&["in", &user_id.to_string(), &number.to_string()]),
        bot_type: "operator".into(),
        direction: Direction::In,
        telegram_message_id: Some(number),
        message_type: MessageType::Text,
        message_text: words.into(),
        from: named("Анна"),
        attachment: None,
        reply_to_telegram_id: None,
        sent_at: at(0),
        verified: true,
        bot_id: Some(BOT),
        entities: Vec::new(),
        details: None,
        album: None,
        raw: None,
    }
}

/// A reply of the operator; `number` makes its id.
pub(crate) fn reply(user_id: i64, number: i64, words: &str) -> ReplyRequested {
    ReplyRequested {
        user_id,
        message_id: reply_id(user_id, number),
        bot_type: "operator".into(),
        message_text: words.into(),
        reply_to_telegram_id: None,
        operator_id: operator(),
        bot_id: Some(BOT),
        entities: Vec::new(),
        files: Vec::new(),
        parts: Vec::new(),
        client_message_id: None,
    }
}

/// An outcome of the only part of a reply.
pub(crate) fn sent(user_id: i64, message_id: Uuid, telegram_message_id: i64, attempt: u32) -> ReplySent {
    ReplySent {
        user_id,
        message_id,
        telegram_message_id,
        sent_at: at(9),
        attempt,
        part: 0,
        telegram_message_ids: Vec::new(),
        plain: false,
    }
}

pub(crate) fn reply_id(user_id: i64, number: i64) -> Uuid {
    derived_id(&["out", &user_id.to_string(), &number.to_string()])
}
