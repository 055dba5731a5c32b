use anyhow::{Context as _, bail};
use diesel::sql_types::{Array, BigInt, Bool, Text};
use diesel_async::{AsyncConnection as _, AsyncPgConnection, RunQueryDsl as _, SimpleAsyncConnection as _};

use super::Orphan;

/// What a rebuilt schema is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// It stays.
    Kept,
    /// It is dropped afterwards: nothing of it need survive a crash.
    Scratch,
}

/// A schema that the log is folded into, with what the rebuild remembers of itself in tables of its own.
pub(crate) struct Target {
    pub conn: AsyncPgConnection,
    /// Everything up to this sequence is in it.
    pub position: u64,
}

/// `auditor_seen`: what tells a repetition, and whose handling the inbox is asked for.
const BOOKKEEPING: &str = "
    CREATE TABLE auditor_progress (position bigint NOT NULL);
    INSERT INTO auditor_progress VALUES (0);
    CREATE TABLE auditor_held (sequence bigint PRIMARY KEY);
    CREATE TABLE auditor_seen (
        event_id uuid PRIMARY KEY,
        sequence bigint NOT NULL,
        stored timestamptz NOT NULL,
        consumer text,
        owner text NOT NULL
    );
    CREATE TABLE auditor_foreign_keys (
        from_table text NOT NULL, name text NOT NULL, definition text NOT NULL, PRIMARY KEY (from_table, name)
    );";

#[derive(diesel::QueryableByName)]
struct ForeignKey {
    #[diesel(sql_type = Text)]
    from_table: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    definition: String,
}

#[derive(diesel::QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

#[derive(diesel::QueryableByName)]
struct Ours {
    #[diesel(sql_type = Bool)]
    any: bool,
    #[diesel(sql_type = Bool)]
    ours: bool,
    #[diesel(sql_type = Bool)]
    live: bool,
}

impl Target {
    /// Makes the schema, or opens the one of an earlier rebuild.
    pub(crate) async fn open(database_url: &str, schema: &str, kind: Kind) -> anyhow::Result<Self> {
        let mut conn =
            AsyncPgConnection::establish(database_url).await.context("no connection to the database")?;
        let found = look(&mut conn, schema).await?;
        if found.live {
            bail!("{schema} is the schema of the live tables");
        }
        if found.any && !found.ours {
            bail!("the schema {schema} holds tables that no rebuild has made");
        }
        store::migrate_into(database_url, schema).await?;
        conn.batch_execute(&format!(
            "SET search_path TO {}; SET synchronous_commit TO off; SET TimeZone TO 'UTC'",
            quoted(schema)
        ))
        .await?;
        let mut target = Self { conn, position: 0 };
        if !found.ours {
            target.conn.transaction(async |conn| conn.batch_execute(BOOKKEEPING).await).await?;
        }
        target.drop_foreign_keys().await?;
        if kind == Kind::Scratch {
            target.forgo_durability().await?;
        }
        let position: Number = diesel::sql_query("SELECT position AS number FROM auditor_progress")
            .get_result(&mut target.conn)
            .await?;
        target.position = position.number.cast_unsigned();
        Ok(target)
    }

    /// The log may name a row before the row it refers to.
    async fn drop_foreign_keys(&mut self) -> anyhow::Result<()> {
        self.conn
            .transaction(async |conn| {
                diesel::sql_query(
                    "INSERT INTO auditor_foreign_keys
                     SELECT relname, conname, pg_get_constraintdef(pg_constraint.oid)
                     FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid
                     WHERE contype = 'f' AND pg_constraint.connamespace = current_schema()::regnamespace
                     ON CONFLICT DO NOTHING",
                )
                .execute(conn)
                .await?;
                for key in foreign_keys(conn).await? {
                    let (table, name) = (quoted(&key.from_table), quoted(&key.name));
                    conn.batch_execute(&format!("ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}"))
                        .await?;
                }
                Ok(())
            })
            .await
    }

    /// Puts the foreign keys back and tells which do not hold.
    pub(super) async fn restore_foreign_keys(&mut self) -> anyhow::Result<Vec<Orphan>> {
        let mut orphans = Vec::new();
        for key in foreign_keys(&mut self.conn).await? {
            let (table, name) = (quoted(&key.from_table), quoted(&key.name));
            let statement = format!("ALTER TABLE {table} ADD CONSTRAINT {name} {}", key.definition);
            match self.conn.batch_execute(&statement).await {
                Ok(()) => {}
                Err(diesel::result::Error::DatabaseError(_, words)) => orphans.push(Orphan {
                    table: key.from_table,
                    constraint: key.name,
                    detail: words.details().unwrap_or(words.message()).to_owned(),
                }),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(orphans)
    }

    /// Nor does anybody search in it.
    async fn forgo_durability(&mut self) -> anyhow::Result<()> {
        self.conn
            .batch_execute(
                "DROP INDEX IF EXISTS chat_messages_search, users_search;
                 DO $$ DECLARE name text; BEGIN
                     FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = current_schema() LOOP
                         EXECUTE format('ALTER TABLE %I SET UNLOGGED', name);
                     END LOOP;
                 END $$",
            )
            .await?;
        Ok(())
    }

    /// Sequences of the facts that an earlier run has held back.
    pub(super) async fn held(&mut self) -> anyhow::Result<Vec<u64>> {
        let rows: Vec<Number> =
            diesel::sql_query("SELECT sequence AS number FROM auditor_held ORDER BY sequence")
                .get_results(&mut self.conn)
                .await?;
        Ok(rows.into_iter().map(|row| row.number.cast_unsigned()).collect())
    }
}

/// Notes how far the fold is; part of the transaction that folds.
pub(super) async fn note(
    conn: &mut AsyncPgConnection,
    position: u64,
    held: Option<Vec<u64>>,
) -> diesel::QueryResult<()> {
    diesel::sql_query("UPDATE auditor_progress SET position = $1")
        .bind::<BigInt, _>(position.cast_signed())
        .execute(conn)
        .await?;
    if let Some(held) = held {
        diesel::sql_query("DELETE FROM auditor_held").execute(conn).await?;
        diesel::sql_query("INSERT INTO auditor_held SELECT UNNEST($1)")
            .bind::<Array<BigInt>, _>(held.into_iter().map(u64::cast_signed).collect::<Vec<_>>())
            .execute(conn)
            .await?;
    }
    Ok(())
}

async fn foreign_keys(conn: &mut AsyncPgConnection) -> diesel::QueryResult<Vec<ForeignKey>> {
    diesel::sql_query("SELECT from_table, name, definition FROM auditor_foreign_keys ORDER BY 1, 2")
        .get_results(conn)
        .await
}

async fn look(conn: &mut AsyncPgConnection, schema: &str) -> anyhow::Result<Ours> {
    Ok(diesel::sql_query(
        "SELECT EXISTS (SELECT FROM pg_tables WHERE schemaname = $1) AS any,
                EXISTS (SELECT FROM pg_tables WHERE schemaname = $1 AND tablename = 'auditor_progress') AS ours,
                COALESCE(current_schema() = $1, false) AS live",
    )
    .bind::<Text, _>(schema)
    .get_result(conn)
    .await?)
}

/// An identifier as SQL takes it.
pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
