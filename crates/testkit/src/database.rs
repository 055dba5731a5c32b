use std::{
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
    thread,
};

use diesel_async::{AsyncConnection as _, AsyncPgConnection, RunQueryDsl as _};
use private_servers::{Durability, PostgresOptions, PostgresServer, find_postgres_bin};
use store::Store;

/// A database of one test's own, migrated and empty.
#[derive(Debug)]
pub struct TestDatabase {
    url: String,
    own: Option<PostgresServer>,
}

const TEMPLATE: &str = "template_vestnik";

impl TestDatabase {
    /// A database on the server that this test program shares.
    pub async fn create() -> Self {
        Self { url: clone_template(shared_server()).await, own: None }
    }

    /// A database on a server of its own, which the test may kill.
    pub async fn with_own_server() -> Self {
        let server = start_server().await;
        let url = clone_template(&|database| server.url(database)).await;
        Self { url, own: Some(server) }
    }

    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    #[must_use]
    pub fn store(&self) -> Store {
        Store::new(&self.url, 8).expect("a pool")
    }

    /// Kills the server as a crash would, and starts it again after `meanwhile`.
    pub async fn crash(&mut self, meanwhile: impl Future<Output = ()>) {
        let server = self.own.take().expect("only a server of its own may be killed");
        let options = server.kill().await;
        meanwhile.await;
        self.own = Some(PostgresServer::start(options).await.expect("PostgreSQL starts again"));
    }
}

type UrlOf<'a> = dyn Fn(&str) -> String + Send + Sync + 'a;

/// Starts on first use; a thread of its own keeps it until the program ends.
fn shared_server() -> &'static UrlOf<'static> {
    static SERVER: OnceLock<Box<UrlOf<'static>>> = OnceLock::new();
    SERVER.get_or_init(|| {
        let (sender, receiver) = std::sync::mpsc::channel();
        thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .worker_threads(1)
                .enable_all()
                .build()
                .expect("a runtime");
            runtime.block_on(async {
                let server = start_server().await;
                let template = server.url("postgres");
                sender.send(template).expect("the test waits");
                std::future::pending::<()>().await;
                drop(server);
            });
        });
        let url: String = receiver.recv().expect("PostgreSQL starts");
        Box::new(move |database: &str| url.replacen("@/postgres", &format!("@/{database}"), 1))
    })
}

async fn start_server() -> PostgresServer {
    let folder = tempfile::Builder::new().prefix("vestnik-pg-").tempdir().expect("a folder").keep();
    let server = PostgresServer::start(PostgresOptions {
        bin: find_postgres_bin().expect("PostgreSQL"),
        log: folder.join("postgres.log"),
        folder,
        durability: Durability::None,
        remove: true,
    })
    .await
    .expect("PostgreSQL starts");
    execute(&server.url("postgres"), &format!("CREATE DATABASE {TEMPLATE}")).await;
    store::migrate(&server.url(TEMPLATE)).await.expect("the migrations run");
    server
}

async fn clone_template(url_of: &UrlOf<'_>) -> String {
    static NUMBER: AtomicU32 = AtomicU32::new(1);
    let name = format!("test_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
    execute(&url_of("postgres"), &format!("CREATE DATABASE {name} TEMPLATE {TEMPLATE}")).await;
    url_of(&name)
}

async fn execute(url: &str, statement: &str) {
    let mut conn = AsyncPgConnection::establish(url).await.expect("a connection");
    diesel::sql_query(statement).execute(&mut conn).await.expect(statement);
}
