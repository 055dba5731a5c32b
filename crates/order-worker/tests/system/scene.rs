use events::{
    Bus, Event, LogEvent, Outgoing, Recorded, Service,
    accounts::CreditRequested,
    orders::{OrderCancelRequested, OrderContent, OrderRequested},
    subjects,
    users::{Role, UserRegistered},
};
use jiff::ToSpan as _;
use process::Shutdown;
use store::accounts::Balance;
use testkit::{System, wait_for_value};
use tokio::task::JoinHandle;
use uuid::Uuid;

use crate::rebuild;

/// A system with as many order workers as a test wants, and somebody who publishes wishes.
pub(crate) struct Scene {
    pub system: System,
    pub edge: Bus,
    command: Bus,
    shutdown: Shutdown,
    workers: Vec<JoinHandle<anyhow::Result<()>>>,
}

impl Scene {
    pub(crate) async fn with_workers(number: usize) -> Self {
        let system = System::start().await;
        let (edge, command) = (system.bus(Service::HttpEdge).await, system.bus(Service::Vestnik).await);
        let mut scene = Self { system, edge, command, shutdown: Shutdown::new(), workers: Vec::new() };
        for _ in 0..number {
            scene.add_worker();
        }
        scene
    }

    pub(crate) fn add_worker(&mut self) {
        let config = self.system.worker_config();
        self.workers.push(tokio::spawn(order_worker::run(config, self.shutdown.clone())));
    }

    /// Registers somebody as the edge does: in the log and in the tables.
    pub(crate) async fn user(&self, role: Role) -> Uuid {
        let user_id = Uuid::now_v7();
        let number = user_id.as_u128() % 10_000_000_000;
        let phone = format!("+7{number:010}");
        let event = UserRegistered { user_id, role, phone, ..UserRegistered::sample() };
        let registered = Outgoing::request(Service::HttpEdge, "test", event);
        let recorded = registered.recorded().unwrap();
        let mut conn = self.system.conn().await;
        store::apply(&mut conn, &[recorded]).await.unwrap();
        self.edge.publish(&registered).await.unwrap();
        user_id
    }

    /// A customer with this much money.
    pub(crate) async fn customer(&self, kopecks: i64) -> Uuid {
        let user = self.user(Role::Customer).await;
        if kopecks > 0 {
            self.credit(user, kopecks).await;
            wait_for_value("the credit", async || {
                (self.balance(user).await.available == kopecks).then_some(())
            })
            .await;
        }
        user
    }

    pub(crate) async fn credit(&self, user_id: Uuid, amount: i64) {
        let event = CreditRequested { user_id, amount, reason: "test".into() };
        self.command.publish(&Outgoing::request(Service::Vestnik, "test", event)).await.unwrap();
    }

    pub(crate) async fn cancel(&self, order_id: Uuid, customer_id: Uuid) {
        self.publish(OrderCancelRequested { order_id, customer_id }).await;
    }

    pub(crate) async fn publish<E: Event>(&self, event: E) {
        self.edge.publish(&Outgoing::request(Service::HttpEdge, "test", event)).await.unwrap();
    }

    pub(crate) async fn balance(&self, user: Uuid) -> Balance {
        let mut conn = self.system.conn().await;
        store::accounts::balance(&mut conn, user).await.unwrap()
    }

    pub(crate) async fn order(&self, customer: Uuid, id: Uuid) -> Option<store::orders::Order> {
        let mut conn = self.system.conn().await;
        store::orders::by_id(&mut conn, customer, id).await.unwrap()
    }

    /// Waits until everything that was asked is answered.
    pub(crate) async fn settle(&self) {
        self.system.settle(&[subjects::ORDER_WORKER, subjects::ORDER_WORKER_SCANS]).await;
    }

    /// The log, decoded.
    pub(crate) async fn log(&self) -> Vec<Recorded> {
        self.system.log().await.iter().map(|message| message.decode().unwrap()).collect()
    }

    /// The names of the facts and wishes about one entity, in the order of the log.
    pub(crate) async fn timeline(&self, entity: Uuid) -> Vec<&'static str> {
        let log = self.log().await;
        let own = log.iter().filter(|recorded| recorded.event.entity() == entity.to_string());
        own.map(|recorded| recorded.event.name()).collect()
    }

    /// The last event about an entity.
    pub(crate) async fn last(&self, entity: Uuid) -> LogEvent {
        let mut log = self.log().await;
        log.retain(|recorded| recorded.event.entity() == entity.to_string());
        log.pop().expect("an event about the entity").event
    }

    /// Stops the workers and checks what must hold after every story: nothing was given up, and the log
    /// alone makes the same tables again.
    pub(crate) async fn end(self) {
        self.settle().await;
        self.shutdown.cancel();
        for worker in self.workers {
            worker.await.expect("the worker does not panic").expect("the worker ends well");
        }
        self.system.no_dead_letters().await;
        rebuild::check(&self.system).await;
    }
}

/// What looks for open orders.
pub(crate) fn open_ones() -> store::orders::Filter {
    store::orders::Filter { status: Some(events::orders::OrderStatus::Open), ..Default::default() }
}

pub(crate) fn content(kopecks: i64) -> OrderContent {
    OrderContent {
        amount: kopecks,
        image_id: None,
        source_image_id: None,
        deadline: events::now() + 24.hours(),
        ..OrderContent::sample()
    }
}

pub(crate) fn order(customer_id: Uuid, kopecks: i64) -> OrderRequested {
    OrderRequested {
        order_id: Uuid::now_v7(),
        customer_id,
        content: content(kopecks),
        guard_duplicates: false,
    }
}
