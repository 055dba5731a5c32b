use std::collections::HashSet;

use diesel::sql_types::{Array, BigInt, Integer, Uuid as SqlUuid};
use diesel_async::{AsyncConnection as _, RunQueryDsl as _};
use events::Outgoing;
use uuid::Uuid;

use super::{COLUMNS, Delivery, Row, deliveries, outcome};
use crate::Conn;

#[derive(diesel::QueryableByName)]
struct Begun {
    #[diesel(sql_type = SqlUuid)]
    message_id: Uuid,
}

/// What waits to be sent, behind `after`, in the order of the wishes.
pub async fn queued(conn: &mut Conn, after: i64, limit: i64) -> anyhow::Result<Vec<Delivery>> {
    let rows: Vec<Row> = diesel::sql_query(format!(
        "SELECT {COLUMNS} FROM deliveries WHERE state = 'queued' AND position > $1
         ORDER BY position LIMIT $2"
    ))
    .bind::<BigInt, _>(after)
    .bind::<BigInt, _>(limit)
    .get_results(conn)
    .await?;
    deliveries(rows)
}

/// Records that these are about to be sent. Committed before the call: after a crash nobody could tell
/// otherwise. Returns those that may be sent; the others are no longer queued under this attempt.
/// `unsure` are attempts that may have been recorded and surely were not made.
pub async fn begin(
    conn: &mut Conn,
    attempts: &[(Uuid, u32)],
    unsure: &[(Uuid, u32)],
) -> anyhow::Result<HashSet<Uuid>> {
    if unsure.is_empty() {
        // One statement is a transaction.
        return record(conn, attempts).await;
    }
    conn.transaction(async |conn| {
        put_back(conn, unsure).await?;
        record(conn, attempts).await
    })
    .await
}

async fn record(conn: &mut Conn, attempts: &[(Uuid, u32)]) -> anyhow::Result<HashSet<Uuid>> {
    let begun: Vec<Begun> = diesel::sql_query(
        "UPDATE deliveries SET state = 'sending', updated_at = now()
         FROM UNNEST($1, $2) AS begun (message_id, attempt)
         WHERE deliveries.message_id = begun.message_id AND deliveries.attempt = begun.attempt
           AND state = 'queued'
         RETURNING deliveries.message_id",
    )
    .bind::<Array<SqlUuid>, _>(attempts.iter().map(|(id, _)| *id).collect::<Vec<_>>())
    .bind::<Array<Integer>, _>(numbers(attempts)?)
    .get_results(conn)
    .await?;
    Ok(begun.into_iter().map(|row| row.message_id).collect())
}

/// Queues again what was surely not sent, under the same attempt.
pub(super) async fn put_back(conn: &mut Conn, attempts: &[(Uuid, u32)]) -> anyhow::Result<()> {
    diesel::sql_query(
        "UPDATE deliveries SET state = 'queued', updated_at = now()
         FROM UNNEST($1, $2) AS back (message_id, attempt)
         WHERE deliveries.message_id = back.message_id AND deliveries.attempt = back.attempt
           AND state = 'sending'",
    )
    .bind::<Array<SqlUuid>, _>(attempts.iter().map(|(id, _)| *id).collect::<Vec<_>>())
    .bind::<Array<Integer>, _>(numbers(attempts)?)
    .execute(conn)
    .await?;
    Ok(())
}

/// Gives up every attempt that was begun and has no outcome: whoever began it is gone. Each becomes the
/// fact that `fact` makes of it; the outbox row is to be published.
pub async fn give_up(
    conn: &mut Conn,
    fact: impl Fn(&Delivery) -> Outgoing + Send + Sync,
) -> anyhow::Result<Option<(i64, Vec<Outgoing>)>> {
    conn.transaction(async |conn| {
        let rows: Vec<Row> = diesel::sql_query(format!(
            "WITH interrupted AS (
                 UPDATE deliveries SET state = 'unknown', updated_at = now() WHERE state = 'sending'
                 RETURNING {COLUMNS})
             SELECT * FROM interrupted ORDER BY position"
        ))
        .get_results(conn)
        .await?;
        let facts: Vec<Outgoing> = deliveries(rows)?.iter().map(&fact).collect();
        outcome::keep(conn, facts).await
    })
    .await
}

fn numbers(attempts: &[(Uuid, u32)]) -> anyhow::Result<Vec<i32>> {
    Ok(attempts.iter().map(|(_, attempt)| i32::try_from(*attempt)).collect::<Result<_, _>>()?)
}
