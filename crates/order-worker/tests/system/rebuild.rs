//! The tables are what the log says, in whatever order it says it.

use diesel::sql_types::Text;
use diesel_async::RunQueryDsl as _;
use events::Recorded;
use store::Conn;
use testkit::{System, TestDatabase};

const TABLES: [&str; 3] = ["orders", "balances", "ledger"];

pub(crate) async fn check(system: &System) {
    let log: Vec<Recorded> =
        system.log().await.iter().map(|message| message.decode().expect("an event")).collect();
    let mut conn = system.conn().await;
    let live = tables(&mut conn).await;
    drop(conn);
    let rebuilt = rebuild(&log).await;
    assert_eq!(rebuilt, live, "the log in its order");
    let mut twice_and_backwards = [log.clone(), log].concat();
    twice_and_backwards.reverse();
    assert_eq!(rebuild(&twice_and_backwards).await, live, "the log twice and backwards, in one batch");
}

/// Applies the log twice, the second time in small batches: repetition changes nothing.
async fn rebuild(log: &[Recorded]) -> Vec<String> {
    let database = TestDatabase::create().await;
    let store = database.store();
    let mut conn = store.conn().await.unwrap();
    store::apply(&mut conn, log).await.unwrap();
    let first = tables(&mut conn).await;
    for batch in log.chunks(7) {
        store::apply(&mut conn, batch).await.unwrap();
    }
    assert_eq!(tables(&mut conn).await, first);
    first
}

/// Every row of every table as text.
async fn tables(conn: &mut Conn) -> Vec<String> {
    #[derive(diesel::QueryableByName)]
    struct Row {
        #[diesel(sql_type = Text)]
        line: String,
    }
    let mut lines = Vec::new();
    for table in TABLES {
        let query = format!("SELECT '{table} ' || to_jsonb(t)::text AS line FROM {table} AS t ORDER BY 1");
        let rows: Vec<Row> = diesel::sql_query(query).get_results(conn).await.unwrap();
        lines.extend(rows.into_iter().map(|row| row.line));
    }
    lines
}
