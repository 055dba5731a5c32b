use std::time::Duration;

use deadpool::managed::{Hook, HookError, QueueMode};
use diesel_async::{
    AsyncPgConnection, RunQueryDsl as _, SimpleAsyncConnection as _,
    pooled_connection::{
        AsyncDieselConnectionManager, ManagerConfig, PoolError, RecyclingMethod,
        deadpool::{Object, Pool},
    },
};

/// Plans are kept as long as the connection, from when tables may have been empty: without this the first days of
/// a system would be spent reading whole tables that are small no more. Every query that is made often has its index.
/// What has none is not worth compiling either.
const SETTINGS: &str = "SET enable_seqscan = off; SET jit = off";

/// From when on a connection is asked whether it is still there.
const SILENT: Duration = Duration::from_millis(500);
/// How long it may take to say so.
const ANSWER: Duration = Duration::from_secs(5);

/// A database connection.
pub type Conn = AsyncPgConnection;

/// A database connection on loan from the pool.
pub type PooledConn = Object<AsyncPgConnection>;

/// The database, cheap to clone.
#[derive(Clone)]
pub struct Store {
    pool: Pool<AsyncPgConnection>,
}

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the connection pool cannot be made")]
    Build(#[source] Box<dyn std::error::Error + Send + Sync>),
    #[error("no database connection")]
    Connect(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Store {
    /// A pool of at most `size` connections; none is opened yet.
    pub fn new(database_url: &str, size: usize) -> Result<Self, StoreError> {
        let mut config = ManagerConfig::default();
        // What is known to be broken is never handed out again; who has been silent is asked: see `verify`.
        config.recycling_method = RecyclingMethod::Fast;
        let manager =
            AsyncDieselConnectionManager::<AsyncPgConnection>::new_with_config(database_url, config);
        let pool = Pool::builder(manager)
            .max_size(size)
            // The connection used last has its statements prepared and its catalogue read.
            .queue_mode(QueueMode::Lifo)
            .wait_timeout(Some(Duration::from_secs(10)))
            .create_timeout(Some(Duration::from_secs(10)))
            .pre_recycle(Hook::async_fn(|conn, metrics| Box::pin(verify(conn, metrics.last_used()))))
            .post_create(Hook::async_fn(|conn, _| Box::pin(set_up(conn))))
            .runtime(deadpool::Runtime::Tokio1)
            .build()
            .map_err(|error| StoreError::Build(error.into()))?;
        Ok(Self { pool })
    }

    /// A connection from the pool, waiting for at most 10 s.
    pub async fn conn(&self) -> Result<PooledConn, StoreError> {
        self.pool.get().await.map_err(|error| StoreError::Connect(error.into()))
    }

    /// Makes a database on the same server; the name must be a plain word.
    pub async fn create_database_if_missing(&self, name: &str) -> anyhow::Result<()> {
        use diesel::{QueryableByName, sql_types::Bool};
        #[derive(QueryableByName)]
        struct Row {
            #[diesel(sql_type = Bool)]
            there: bool,
        }
        let mut conn = self.conn().await?;
        let row: Row =
            diesel::sql_query("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1) AS there")
                .bind::<diesel::sql_types::Text, _>(name)
                .get_result(&mut conn)
                .await?;
        if !row.there {
            diesel::sql_query(format!("CREATE DATABASE \"{name}\"")).execute(&mut conn).await?;
        }
        Ok(())
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> anyhow::Result<()> {
        diesel::sql_query("SELECT 1").execute(&mut self.conn().await?).await?;
        Ok(())
    }
}

/// Asks a connection that was silent for a while whether it is still there. Of one that was just used that is known,
/// and asking would be one round trip in four.
async fn verify(conn: &mut Conn, silent: Duration) -> Result<(), HookError<PoolError>> {
    if silent < SILENT {
        return Ok(());
    }
    answered(conn, "SELECT").await
}

async fn answered(conn: &mut Conn, statement: &str) -> Result<(), HookError<PoolError>> {
    // A server that is gone without a word says nothing to this either.
    match tokio::time::timeout(ANSWER, conn.batch_execute(statement)).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(HookError::Backend(PoolError::QueryError(error))),
        Err(_) => Err(HookError::message("the connection does not answer")),
    }
}

async fn set_up(conn: &mut Conn) -> Result<(), HookError<PoolError>> {
    answered(conn, SETTINGS).await
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("pool", &self.pool.status()).finish()
    }
}
