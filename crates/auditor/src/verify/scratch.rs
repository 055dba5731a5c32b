use anyhow::Context as _;
use diesel::sql_types::{Bool, Text};
use diesel_async::{AsyncConnection as _, AsyncPgConnection, RunQueryDsl as _, SimpleAsyncConnection as _};
use events::Bus;

use crate::rebuild::{Folder, Kind, Target, quoted};

/// A schema for one verification. Whoever works in one holds a lock on its name, so that one whose
/// owner died is known and swept by the next verification.
pub(super) struct Scratch {
    database_url: String,
    schema: String,
    conn: AsyncPgConnection,
}

const PREFIX: &str = "auditor_scratch_";

#[derive(diesel::QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

#[derive(diesel::QueryableByName)]
struct Locked {
    #[diesel(sql_type = Bool)]
    locked: bool,
}

impl Scratch {
    pub(super) async fn make(database_url: &str) -> anyhow::Result<Self> {
        let mut conn =
            AsyncPgConnection::establish(database_url).await.context("no connection to the database")?;
        let left: Vec<Name> = diesel::sql_query(
            "SELECT nspname::text AS name FROM pg_namespace WHERE starts_with(nspname::text, $1)",
        )
        .bind::<Text, _>(PREFIX)
        .get_results(&mut conn)
        .await?;
        for Name { name } in left {
            if lock(&mut conn, &name).await? {
                remove(&mut conn, &name).await?;
            }
        }
        let schema = format!("{PREFIX}{}", uuid::Uuid::now_v7().simple());
        lock(&mut conn, &schema).await?;
        Ok(Self { database_url: database_url.to_owned(), schema, conn })
    }

    pub(super) fn schema(&self) -> &str {
        &self.schema
    }

    pub(super) async fn folder(&self, bus: &Bus) -> anyhow::Result<Folder> {
        Folder::resume(bus, Target::open(&self.database_url, &self.schema, Kind::Scratch).await?).await
    }

    pub(super) async fn drop(mut self) -> anyhow::Result<()> {
        remove(&mut self.conn, &self.schema).await
    }
}

/// Held until the connection closes.
async fn lock(conn: &mut AsyncPgConnection, schema: &str) -> anyhow::Result<bool> {
    let row: Locked = diesel::sql_query("SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS locked")
        .bind::<Text, _>(schema)
        .get_result(conn)
        .await?;
    Ok(row.locked)
}

async fn remove(conn: &mut AsyncPgConnection, schema: &str) -> anyhow::Result<()> {
    let statement =
        format!("SET client_min_messages TO warning; DROP SCHEMA IF EXISTS {} CASCADE", quoted(schema));
    Ok(conn.batch_execute(&statement).await?)
}
