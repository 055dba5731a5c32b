//! Events that a transaction has decided on, kept with it until the broker surely has them.

use diesel::sql_types::{Array, BigInt, Nullable, Text};
use diesel_async::RunQueryDsl as _;
use events::{Outgoing, Service};

use crate::{Conn, fixed::fixed, prepared::Prepared as _};

/// A row of the outbox, published but not yet marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Published {
    pub id: i64,
    /// The highest sequence that the broker gave its events.
    pub sequence: u64,
}

#[derive(diesel::QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

/// A row that waits to be published.
#[derive(Debug, Clone, diesel::QueryableByName)]
pub(crate) struct Waiting {
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    #[diesel(sql_type = Text)]
    pub events: String,
}

/// Keeps the events with the transaction. Publish them after the commit, then [`mark`] the row.
pub async fn keep(mut conn: &Conn, service: Service, events: &[Outgoing]) -> anyhow::Result<i64> {
    let encoded = serde_json::to_string(events)?;
    let row: Row = fixed(
        diesel::sql_query("INSERT INTO outbox (service, events) VALUES ($1, $2) RETURNING id")
            .bind::<Text, _>(service.name())
            .bind::<Text, _>(encoded),
    )
    .get_result(&mut conn)
    .await?;
    Ok(row.id)
}

/// Notes that the broker has acknowledged the events of these rows.
pub async fn mark(mut conn: &Conn, published: &[Published]) -> diesel::QueryResult<()> {
    if published.is_empty() {
        return Ok(());
    }
    let ids: Vec<i64> = published.iter().map(|row| row.id).collect();
    let sequences: Vec<i64> = published.iter().map(|row| row.sequence.cast_signed()).collect();
    fixed(
        diesel::sql_query(
            "UPDATE outbox SET published_at = now(), sequence = done.sequence
             FROM UNNEST($1, $2) AS done (id, sequence) WHERE outbox.id = done.id",
        )
        .bind::<Array<BigInt>, _>(ids)
        .bind::<Array<BigInt>, _>(sequences),
    )
    .execute(&mut conn)
    .await?;
    Ok(())
}

/// Rows that nobody has marked for a while: their publisher is slow, or dead. Locked for this transaction.
pub(crate) async fn waiting(
    conn: &mut Conn,
    service: Service,
    limit: i64,
) -> diesel::QueryResult<Vec<Waiting>> {
    diesel::sql_query(
        "SELECT id, events FROM outbox
         WHERE service = $1 AND published_at IS NULL AND created_at < now() - interval '2 seconds'
         ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED",
    )
    .bind::<Text, _>(service.name())
    .bind::<BigInt, _>(limit)
    .prepared()
    .get_results(conn)
    .await
}

/// The highest sequence that the broker gave an event of the service, 0 if it gave none that is still here.
pub(crate) async fn highest_sequence(conn: &mut Conn, service: Service) -> diesel::QueryResult<u64> {
    let row: Row =
        diesel::sql_query("SELECT coalesce(max(sequence), 0) AS id FROM outbox WHERE service = $1")
            .bind::<Text, _>(service.name())
            .prepared()
            .get_result(conn)
            .await?;
    Ok(row.id.cast_unsigned())
}

/// Takes back every mark of the service, so that all is published again.
pub(crate) async fn unmark(conn: &mut Conn, service: Service) -> diesel::QueryResult<usize> {
    diesel::sql_query(
        "UPDATE outbox SET published_at = NULL, sequence = NULL WHERE service = $1 AND sequence IS NOT NULL",
    )
    .bind::<Text, _>(service.name())
    .prepared()
    .execute(conn)
    .await
}

/// Forgets what the broker has had for ten minutes, which is longer than it takes to sync (two).
pub async fn sweep(conn: &mut Conn) -> diesel::QueryResult<usize> {
    diesel::sql_query("DELETE FROM outbox WHERE published_at < now() - interval '10 minutes'")
        .prepared()
        .execute(conn)
        .await
}

/// How many rows wait to be published, for one service or for all.
pub async fn backlog(conn: &mut Conn, service: Option<Service>) -> diesel::QueryResult<i64> {
    let row: Row = diesel::sql_query(
        "SELECT count(*) AS id FROM outbox WHERE published_at IS NULL AND ($1 IS NULL OR service = $1)",
    )
    .bind::<Nullable<Text>, _>(service.map(Service::name))
    .prepared()
    .get_result(conn)
    .await?;
    Ok(row.id)
}
