//! `src/schema.rs` is the migrated database, and migrations run both ways.
#![expect(clippy::unwrap_used, reason = "a test that meets nothing has failed")]

use std::{collections::BTreeMap, fs, path::Path, time::Duration};

use diesel::{
    QueryableByName,
    sql_types::{Bool, Text},
};
use diesel_async::{RunQueryDsl as _, SimpleAsyncConnection as _};
use store::Conn;
use testkit::TestDatabase;

/// Of each table: its columns, each with PostgreSQL's name of its type and whether it may be null, and its key.
type Tables = BTreeMap<String, (BTreeMap<String, (String, bool)>, Vec<String>)>;

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    column_name: String,
    #[diesel(sql_type = Text)]
    udt_name: String,
    #[diesel(sql_type = Bool)]
    nullable: bool,
    #[diesel(sql_type = Bool)]
    is_key: bool,
}

/// The tables of a schema of the database, but diesel's own.
async fn in_the_database(conn: &mut Conn, schema: &str) -> Tables {
    let columns: Vec<Column> = diesel::sql_query(
        "SELECT c.table_name::text, c.column_name::text, c.udt_name::text, c.is_nullable = 'YES' AS nullable,
                k.column_name IS NOT NULL AS is_key
         FROM information_schema.columns c
         LEFT JOIN information_schema.table_constraints p
             ON p.table_schema = c.table_schema AND p.table_name = c.table_name
             AND p.constraint_type = 'PRIMARY KEY'
         LEFT JOIN information_schema.key_column_usage k
             ON k.constraint_schema = p.constraint_schema AND k.constraint_name = p.constraint_name
             AND k.table_name = c.table_name AND k.column_name = c.column_name
         WHERE c.table_schema = $1 AND c.table_name NOT LIKE '\\_\\_diesel%'
         ORDER BY c.table_name, k.ordinal_position",
    )
    .bind::<Text, _>(schema)
    .get_results(conn)
    .await
    .unwrap();
    let mut tables = Tables::new();
    for column in columns {
        let (fields, key) = tables.entry(column.table_name).or_default();
        if column.is_key {
            key.push(column.column_name.clone());
        }
        fields.insert(column.column_name, (column.udt_name, column.nullable));
    }
    tables
}

/// The tables of `src/schema.rs`, line by line in the shape in which the file is written.
fn in_the_code() -> Tables {
    let mut tables = Tables::new();
    let mut table = None;
    for line in include_str!("../src/schema.rs").lines().map(str::trim) {
        if let Some((name, rest)) = line.split_once(" (").filter(|_| line.ends_with(") {")) {
            let key = rest.trim_end_matches(") {").split(", ").map(str::to_owned).collect();
            table = Some(tables.entry(name.to_owned()).or_insert((BTreeMap::new(), key)));
        } else if let (Some(table), Some((name, kind))) = (&mut table, line.split_once(" -> ")) {
            let kind = kind.trim_end_matches(',');
            let bare = kind.strip_prefix("Nullable<").and_then(|kind| kind.strip_suffix('>'));
            table.0.insert(name.to_owned(), (udt(bare.unwrap_or(kind)).to_owned(), bare.is_some()));
        }
    }
    tables
}

fn udt(kind: &str) -> &str {
    match kind {
        "Uuid" => "uuid",
        "Text" => "text",
        "Bool" => "bool",
        "Integer" => "int4",
        "BigInt" => "int8",
        "Timestamptz" => "timestamptz",
        "Jsonb" => "jsonb",
        "Bytea" => "bytea",
        "Array<Text>" => "_text",
        "Array<Integer>" => "_int4",
        "Array<BigInt>" => "_int8",
        other => panic!("no name for {other}"),
    }
}

/// The names of the migrations, oldest first.
fn migrations() -> Vec<std::path::PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations");
    let mut folders: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    folders
}

async fn run_down(conn: &mut Conn) {
    for folder in migrations().iter().rev() {
        conn.batch_execute(&fs::read_to_string(folder.join("down.sql")).unwrap()).await.unwrap();
    }
    conn.batch_execute("DELETE FROM __diesel_schema_migrations").await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_code_knows_the_tables_as_they_are() {
    let database = TestDatabase::create().await;
    let mut conn = database.store().conn().await.unwrap();
    let (code, tables) = (in_the_code(), in_the_database(&mut conn, "public").await);
    assert_eq!(code.keys().collect::<Vec<_>>(), tables.keys().collect::<Vec<_>>());
    for (name, table) in &tables {
        assert_eq!(&code[name], table, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn migrations_run_up_and_down_and_up() {
    let database = TestDatabase::create().await;
    let mut conn = database.store().conn().await.unwrap();
    let before = in_the_database(&mut conn, "public").await;
    assert_eq!(store::pending_migrations(database.url()).await.unwrap(), 0);
    assert_eq!(store::migrate(database.url()).await.unwrap(), 0);
    run_down(&mut conn).await;
    assert!(in_the_database(&mut conn, "public").await.is_empty());
    assert_eq!(store::pending_migrations(database.url()).await.unwrap(), migrations().len());
    // As two processes that start at once: one works, the other waits.
    let (one, other) = tokio::join!(store::migrate(database.url()), store::migrate(database.url()));
    let mut counts = [one.unwrap(), other.unwrap()];
    counts.sort_unstable();
    assert_eq!(counts, [0, migrations().len()]);
    assert_eq!(in_the_database(&mut conn, "public").await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_migration_fails_rather_than_wait_long_for_a_table() {
    let database = TestDatabase::create().await;
    let mut holder = database.store().conn().await.unwrap();
    for statement in ["BEGIN", "LOCK TABLE __diesel_schema_migrations"] {
        diesel::sql_query(statement).execute(&mut holder).await.unwrap();
    }
    let waited = tokio::time::timeout(Duration::from_secs(30), store::migrate(database.url())).await;
    let error = waited.expect("it does not wait for ever").unwrap_err().to_string();
    assert!(error.contains("lock timeout"), "{error}");
    diesel::sql_query("ROLLBACK").execute(&mut holder).await.unwrap();
    assert_eq!(store::migrate(database.url()).await.unwrap(), 0, "and is run again");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tables_can_be_made_beside_themselves() {
    let database = TestDatabase::create().await;
    let mut conn = database.store().conn().await.unwrap();
    // A rebuild makes them in a schema of its own, whatever its name.
    let schema = "re\"build";
    assert_eq!(store::migrate_into(database.url(), schema).await.unwrap(), migrations().len());
    assert_eq!(store::migrate_into(database.url(), schema).await.unwrap(), 0);
    let public = in_the_database(&mut conn, "public").await;
    assert_eq!(in_the_database(&mut conn, schema).await, public);
}
