use std::collections::HashMap;

use diesel::sql_types::{BigInt, Text};
use diesel_async::{AsyncConnection as _, AsyncPgConnection, RunQueryDsl as _};
use events::{
    Bus, Event, Meta, Outgoing, Recorded, Service,
    accounts::{AccountCredited, AccountHeld, AccountReleased},
    chats::{
        BotBlocked, ChatClosed, MessageEdited, MessageReceived, ReplyFailed, ReplyRequested, ReplySent,
        RetryRequested, Sender,
    },
    images::{ImageRendered, ImageUploaded},
    orders::{OrderAccepted, OrderCancelled, OrderContent},
    subjects,
    users::{Role, RoleGranted, UserRegistered},
};
use jiff::Timestamp;
use store::Relay;
use testkit::System;
use tokio::sync::Mutex;
use uuid::Uuid;

pub(crate) const CUSTOMER: Uuid = Uuid::from_u128(0xC1);
pub(crate) const OPERATOR: Uuid = Uuid::from_u128(0xC2);
pub(crate) const KEPT_ORDER: Uuid = Uuid::from_u128(0xA1);
pub(crate) const GONE_ORDER: Uuid = Uuid::from_u128(0xA2);
pub(crate) const IMAGE: Uuid = Uuid::from_u128(0xB1);
pub(crate) const MESSAGE: Uuid = Uuid::from_u128(0xD1);
pub(crate) const REPLY: Uuid = Uuid::from_u128(0xD2);
pub(crate) const PERSON: i64 = 777;

/// A system in which the test does what the workers do.
pub(crate) struct World {
    pub(crate) system: System,
    /// What the auditor reads with.
    pub(crate) bus: Bus,
    relays: Mutex<HashMap<Service, Relay>>,
}

impl World {
    /// An empty log, read through `EVENTS` with another service's credentials.
    pub(crate) async fn empty() -> Self {
        let system = System::start().await;
        let bus = system.bus(Service::HttpEdge).await;
        Self { system, bus, relays: Mutex::default() }
    }

    /// A log with something of every domain, and the tables as its workers have left them.
    pub(crate) async fn with_a_story() -> Self {
        let world = Self::empty().await;
        world.tell_a_story().await;
        world
    }

    /// As an edge or the order worker does: into the tables and the outbox, then into the log.
    pub(crate) async fn commit<E: Event>(&self, service: Service, version: Option<u64>, event: E) {
        self.commit_all(service, &[fact(service, version, &event)]).await;
    }

    pub(crate) async fn commit_all(&self, service: Service, facts: &[Outgoing]) {
        let row = self.commit_only(service, facts).await;
        let relay = self.relay(service).await;
        relay.publish(row, facts).await.unwrap();
        relay.catch_up().await.unwrap();
    }

    /// As a worker that dies before it has published. Returns the row of the outbox.
    pub(crate) async fn commit_only(&self, service: Service, facts: &[Outgoing]) -> i64 {
        let recorded: Vec<Recorded> = facts.iter().map(|fact| fact.recorded().unwrap()).collect();
        let mut conn = self.system.conn().await;
        conn.transaction::<_, anyhow::Error, _>(async |conn| {
            store::apply(conn, &recorded).await?;
            store::outbox::keep(conn, service, facts).await
        })
        .await
        .unwrap()
    }

    pub(crate) async fn relay(&self, service: Service) -> Relay {
        let mut relays = self.relays.lock().await;
        if let Some(relay) = relays.get(&service) {
            return relay.clone();
        }
        let relay = self.system.relay(service).await;
        relays.insert(service, relay.clone());
        relay
    }

    /// As a worker does that folds the log: into the log, then into the tables and the inbox.
    pub(crate) async fn hear<E: Event>(&self, service: Service, consumer: &str, event: E) -> Recorded {
        let outgoing = Outgoing::request(service, "test", event);
        let position = Some(self.publish(service, &outgoing).await);
        let recorded = Recorded { position, ..outgoing.recorded().unwrap() };
        self.apply(std::slice::from_ref(&recorded), Some(consumer)).await;
        recorded
    }

    pub(crate) async fn publish(&self, service: Service, event: &Outgoing) -> u64 {
        self.relay(service).await.bus().publish(event).await.unwrap().sequence
    }

    pub(crate) async fn apply(&self, events: &[Recorded], consumer: Option<&str>) {
        let mut conn = self.system.conn().await;
        conn.transaction::<_, anyhow::Error, _>(async |conn| {
            if let Some(consumer) = consumer {
                let ids: Vec<Uuid> = events.iter().map(|event| event.meta.id).collect();
                store::inbox::take(conn, consumer, &ids).await?;
            }
            store::apply(conn, events).await?;
            Ok(())
        })
        .await
        .unwrap();
    }

    pub(crate) async fn sql(&self, statement: &str) {
        let mut conn = self.system.conn().await;
        let changed = diesel::sql_query(statement).execute(&mut conn).await.expect(statement);
        assert!(changed > 0, "nothing changed: {statement}");
    }

    pub(crate) async fn count(&self, query: &str) -> i64 {
        #[derive(diesel::QueryableByName)]
        struct Row {
            #[diesel(sql_type = BigInt)]
            count: i64,
        }
        let mut conn = self.system.conn().await;
        diesel::sql_query(query).get_result::<Row>(&mut conn).await.expect(query).count
    }

    pub(crate) async fn text(&self, query: &str) -> String {
        #[derive(diesel::QueryableByName)]
        struct Row {
            #[diesel(sql_type = Text)]
            text: String,
        }
        let mut conn: AsyncPgConnection =
            AsyncPgConnection::establish(self.system.database_url()).await.unwrap();
        diesel::sql_query(query).get_result::<Row>(&mut conn).await.expect(query).text
    }

    async fn tell_a_story(&self) {
        use Service::{BotBridge, HttpEdge, MediaWorker, OrderWorker};
        let (chats, media) = (subjects::CHAT_WORKER.name, subjects::MEDIA_WORKER.name);
        self.register(CUSTOMER, "+79241242417").await;
        self.register(OPERATOR, "+79241242418").await;
        self.commit(HttpEdge, None, RoleGranted { user_id: OPERATOR, role: Role::Operator }).await;
        self.commit(OrderWorker, Some(1), credited(CUSTOMER, 1_000_000)).await;
        self.hear(
            HttpEdge,
            media,
            ImageUploaded { image_id: IMAGE, owner_id: CUSTOMER, source_image_id: None, ..Event::sample() },
        )
        .await;
        self.commit(
            MediaWorker,
            None,
            ImageRendered { image_id: IMAGE, owner_id: CUSTOMER, ..Event::sample() },
        )
        .await;
        self.commit(OrderWorker, Some(1), accepted(KEPT_ORDER, CUSTOMER, Some(IMAGE))).await;
        self.commit(OrderWorker, Some(2), held(CUSTOMER, KEPT_ORDER, 850_000, 150_000)).await;
        self.commit(OrderWorker, Some(1), accepted(GONE_ORDER, CUSTOMER, None)).await;
        self.commit(OrderWorker, Some(3), held(CUSTOMER, GONE_ORDER, 700_000, 300_000)).await;
        let cancelled = OrderCancelled { order_id: GONE_ORDER, customer_id: CUSTOMER, amount: 150_000 };
        self.commit(OrderWorker, Some(2), cancelled).await;
        self.commit(OrderWorker, Some(4), released(CUSTOMER, GONE_ORDER, 850_000, 150_000)).await;
        self.hear(BotBridge, chats, received(PERSON, MESSAGE, 17)).await;
        self.hear(
            BotBridge,
            chats,
            MessageEdited { user_id: PERSON, telegram_message_id: 17, ..Event::sample() },
        )
        .await;
        let reply = ReplyRequested {
            user_id: PERSON,
            message_id: REPLY,
            operator_id: OPERATOR,
            ..ReplyRequested::sample()
        };
        self.hear(HttpEdge, chats, reply).await;
        let failed = ReplyFailed { user_id: PERSON, message_id: REPLY, attempt: 1, ..Event::sample() };
        self.hear(BotBridge, chats, failed).await;
        let again = RetryRequested { user_id: PERSON, message_id: REPLY, operator_id: OPERATOR };
        self.hear(HttpEdge, chats, again).await;
        let sent = ReplySent { user_id: PERSON, message_id: REPLY, attempt: 2, ..Event::sample() };
        self.hear(BotBridge, chats, sent).await;
        self.hear(HttpEdge, chats, ChatClosed { user_id: PERSON }).await;
        self.hear(BotBridge, chats, BotBlocked { user_id: PERSON, bot_id: Some(7) }).await;
    }

    pub(crate) async fn register(&self, user_id: Uuid, phone: &str) {
        let event = UserRegistered { user_id, phone: phone.into(), ..UserRegistered::sample() };
        self.commit(Service::HttpEdge, None, event).await;
    }
}

/// A fact as a worker makes it.
pub(crate) fn fact<E: Event>(service: Service, version: Option<u64>, event: &E) -> Outgoing {
    let cause =
        Meta { source: service.name().into(), ..Outgoing::request(service, "test", event.clone()).meta };
    Outgoing::fact(service, &cause, 0, version, events::now(), event)
}

pub(crate) fn credited(user_id: Uuid, available: i64) -> AccountCredited {
    AccountCredited { user_id, amount: available, available, held: 0, reason: "test".into() }
}

/// A credit that brings the balance up to `available`.
pub(crate) fn topped_up(user_id: Uuid, amount: i64, available: i64, held: i64) -> AccountCredited {
    AccountCredited { user_id, amount, available, held, reason: "test".into() }
}

pub(crate) fn held(user_id: Uuid, order_id: Uuid, available: i64, held: i64) -> AccountHeld {
    AccountHeld { user_id, order_id, amount: 150_000, available, held }
}

pub(crate) fn released(user_id: Uuid, order_id: Uuid, available: i64, held: i64) -> AccountReleased {
    AccountReleased { user_id, order_id, amount: 150_000, available, held }
}

pub(crate) fn accepted(order_id: Uuid, customer_id: Uuid, image_id: Option<Uuid>) -> OrderAccepted {
    let content =
        OrderContent { image_id, source_image_id: None, deadline: deadline(), ..OrderContent::sample() };
    OrderAccepted { order_id, customer_id, content_hash: content.hash(), content, ..OrderAccepted::sample() }
}

fn deadline() -> Timestamp {
    "2027-01-01T00:00:00Z".parse().unwrap()
}

pub(crate) fn received(user_id: i64, message_id: Uuid, telegram_message_id: i64) -> MessageReceived {
    MessageReceived {
        user_id,
        message_id,
        telegram_message_id: Some(telegram_message_id),
        from: Sender::sample(),
        ..MessageReceived::sample()
    }
}
