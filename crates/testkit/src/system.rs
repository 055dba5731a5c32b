use std::ops::Deref;

use events::{Service, subjects::DurableConsumer};
use process::{Connections, Secret, WorkerConfig};
use store::{PooledConn, Relay, Store};

use crate::{Broker, TestDatabase, wait_for};

/// A broker and a database of one test's own, provisioned and empty.
#[derive(Debug)]
pub struct System {
    broker: Broker,
    database: TestDatabase,
    store: Store,
}

impl System {
    /// # Panics
    /// When anything cannot be started.
    pub async fn start() -> Self {
        Self::with_database(TestDatabase::create().await).await
    }

    /// As [`Self::start`], with a PostgreSQL that the test may kill.
    pub async fn with_own_postgres() -> Self {
        Self::with_database(TestDatabase::with_own_server().await).await
    }

    async fn with_database(database: TestDatabase) -> Self {
        Self { broker: Broker::start().await, store: database.store(), database }
    }

    #[must_use]
    pub fn database_url(&self) -> &str {
        self.database.url()
    }

    #[must_use]
    pub const fn store(&self) -> &Store {
        &self.store
    }

    pub async fn conn(&self) -> PooledConn {
        self.store.conn().await.expect("a database connection")
    }

    /// What a service's configuration takes.
    #[must_use]
    pub fn connections(&self) -> Connections {
        Connections {
            nats_url: Secret::new(self.nats_url()),
            nats_keys: Some(self.keys()),
            database_url: Secret::new(self.database.url()),
            database_pool: 8,
        }
    }

    /// The same for a worker that nobody watches.
    #[must_use]
    pub fn worker_config(&self) -> WorkerConfig {
        WorkerConfig { connections: self.connections(), metrics_listen: None }
    }

    pub async fn relay(&self, service: Service) -> Relay {
        Relay::new(self.store.clone(), self.bus(service).await)
    }

    /// Waits until the consumers have nothing pending or unacknowledged and the outbox is published.
    pub async fn settle(&self, consumers: &[DurableConsumer]) {
        self.consumed(consumers).await;
        wait_for("the outbox to be published", async || {
            let mut conn = self.conn().await;
            store::outbox::backlog(&mut conn, None).await.is_ok_and(|rows| rows == 0)
        })
        .await;
    }

    /// Kills the broker as a crash would, and starts it again on the same address after `meanwhile`.
    pub async fn crash_nats(&mut self, meanwhile: impl Future<Output = ()>) {
        self.broker.crash(meanwhile).await;
    }

    /// Kills the database as a crash would, and starts it again after `meanwhile`.
    pub async fn crash_postgres(&mut self, meanwhile: impl Future<Output = ()>) {
        self.database.crash(meanwhile).await;
    }
}

/// A system has all that its broker has.
impl Deref for System {
    type Target = Broker;

    fn deref(&self) -> &Broker {
        &self.broker
    }
}
