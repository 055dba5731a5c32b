use diesel_async::{AsyncConnection as _, AsyncMigrationHarness, AsyncPgConnection, RunQueryDsl as _};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness as _, embed_migrations};

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../migrations");

/// Why the database could not be brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    #[error("no connection to the database")]
    Connect(#[from] diesel::ConnectionError),
    #[error("the schema cannot be used")]
    Schema(#[source] diesel::result::Error),
    #[error("a migration failed: {0}")]
    Migration(BoxedError),
}

/// Any number that no other user of the database takes.
const LOCK: i64 = 0x7665_7374_6e69_6b01;

/// Whoever comes to a table after a migration that waits for it waits as well. Rather the migration fails, changes
/// nothing and is run again than everything stands still behind somebody's long query.
const PATIENCE: &str = "SET lock_timeout = '5s'";

/// Runs the migrations that are missing and returns how many there were. Several processes may call it
/// at once: one works, the others wait.
pub async fn migrate(database_url: &str) -> Result<usize, MigrateError> {
    run(AsyncPgConnection::establish(database_url).await?).await
}

/// As [`migrate`], with the tables in a schema of their own.
pub async fn migrate_into(database_url: &str, schema: &str) -> Result<usize, MigrateError> {
    let mut conn = AsyncPgConnection::establish(database_url).await?;
    let quoted = format!("\"{}\"", schema.replace('"', "\"\""));
    for statement in [format!("CREATE SCHEMA IF NOT EXISTS {quoted}"), format!("SET search_path TO {quoted}")]
    {
        diesel::sql_query(statement).execute(&mut conn).await.map_err(MigrateError::Schema)?;
    }
    run(conn).await
}

/// How many migrations the database lacks.
pub async fn pending_migrations(database_url: &str) -> Result<usize, MigrateError> {
    let conn = AsyncPgConnection::establish(database_url).await?;
    apart(conn, |harness| Ok(harness.pending_migrations(MIGRATIONS)?.len())).await
}

async fn run(mut conn: AsyncPgConnection) -> Result<usize, MigrateError> {
    // Held until the connection closes, so a process that dies leaves no lock.
    diesel::sql_query("SELECT pg_advisory_lock($1)")
        .bind::<diesel::sql_types::BigInt, _>(LOCK)
        .execute(&mut conn)
        .await
        .map_err(MigrateError::Schema)?;
    diesel::sql_query(PATIENCE).execute(&mut conn).await.map_err(MigrateError::Schema)?;
    apart(conn, |harness| Ok(harness.run_pending_migrations(MIGRATIONS)?.len())).await
}

/// The harness blocks its thread. On a thread of the caller's it would swallow the wake-ups of whatever
/// else the caller's task waits for.
async fn apart(
    conn: AsyncPgConnection,
    work: fn(&mut Harness) -> Result<usize, BoxedError>,
) -> Result<usize, MigrateError> {
    tokio::task::spawn_blocking(move || work(&mut AsyncMigrationHarness::new(conn)))
        .await
        .unwrap_or_else(|broken| Err(broken.into()))
        .map_err(MigrateError::Migration)
}

type Harness = AsyncMigrationHarness<AsyncPgConnection>;
type BoxedError = Box<dyn std::error::Error + Send + Sync>;
