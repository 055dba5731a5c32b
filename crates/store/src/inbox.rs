//! Which events a consumer has handled: what makes a redelivery harmless.

use std::collections::HashSet;

use diesel::sql_types::{Array, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl as _;
use uuid::Uuid;

use crate::{Conn, fixed::fixed, prepared::Prepared as _};

#[derive(diesel::QueryableByName)]
struct Taken {
    #[diesel(sql_type = SqlUuid)]
    event_id: Uuid,
}

/// Enters the events and returns those that had not been handled before. Another transaction that is
/// entering the same event is waited for. Call it first in the transaction that handles them.
pub async fn take(conn: &mut Conn, consumer: &str, events: &[Uuid]) -> diesel::QueryResult<HashSet<Uuid>> {
    let taken: Vec<Taken> = fixed(
        diesel::sql_query(
            "INSERT INTO inbox (consumer, event_id)
             SELECT $1, event_id FROM UNNEST($2) AS event_id ORDER BY event_id
             ON CONFLICT DO NOTHING RETURNING event_id",
        )
        .bind::<Text, _>(consumer)
        .bind::<Array<SqlUuid>, _>(events),
    )
    .get_results(conn)
    .await?;
    Ok(taken.into_iter().map(|row| row.event_id).collect())
}

/// Takes events out again: what is rejected must be rejected again when it comes again, until it is buried.
pub async fn put_back(conn: &mut Conn, consumer: &str, events: &[Uuid]) -> diesel::QueryResult<usize> {
    diesel::sql_query("DELETE FROM inbox WHERE consumer = $1 AND event_id = ANY ($2)")
        .bind::<Text, _>(consumer)
        .bind::<Array<SqlUuid>, _>(events)
        .prepared()
        .execute(conn)
        .await
}

/// Remembers these events for ever: there may be dead letters of theirs, from before they were handled.
pub async fn keep(conn: &mut Conn, consumer: &str, events: &[Uuid]) -> diesel::QueryResult<usize> {
    diesel::sql_query("UPDATE inbox SET kept = true WHERE consumer = $1 AND event_id = ANY ($2)")
        .bind::<Text, _>(consumer)
        .bind::<Array<SqlUuid>, _>(events)
        .prepared()
        .execute(conn)
        .await
}

/// Forgets what is older than any redelivery (7 days).
pub async fn sweep(conn: &mut Conn) -> diesel::QueryResult<usize> {
    diesel::sql_query("DELETE FROM inbox WHERE received_at < now() - interval '7 days' AND NOT kept")
        .prepared()
        .execute(conn)
        .await
}
