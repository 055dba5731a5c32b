use std::collections::HashSet;

use diesel::sql_types::{Array, BigInt, Bool, Integer, Nullable, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncConnection as _, RunQueryDsl as _};
use events::Outgoing;
use jiff_diesel::NullableTimestamp;
use uuid::Uuid;

use super::{Back, COLUMNS, Call, Row, calls, outcome};
use crate::{Conn, prepared::Prepared as _};

/// Attempts that are recorded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Begun {
    /// These may be made. What is in neither is no longer queued under this attempt.
    pub may: HashSet<Uuid>,
    /// These are to people who are banned by now, to whom nothing is said.
    pub banned: HashSet<Uuid>,
}

#[derive(diesel::QueryableByName)]
struct Recorded {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Bool)]
    banned: bool,
}

/// What waits to be sent by a bot, behind this position and part, in the order of the wishes.
pub async fn queued(
    conn: &mut Conn,
    bot_id: i64,
    (position, part): (i64, u32),
    limit: i64,
) -> anyhow::Result<Vec<Call>> {
    let rows: Vec<Row> = diesel::sql_query(format!(
        "SELECT {COLUMNS} FROM calls
         WHERE bot_id = $1 AND state = 'queued' AND (position, part) > ($2, $3)
         ORDER BY position, part LIMIT $4"
    ))
    .bind::<BigInt, _>(bot_id)
    .bind::<BigInt, _>(position)
    .bind::<Integer, _>(i32::try_from(part)?)
    .bind::<BigInt, _>(limit)
    .prepared()
    .get_results(conn)
    .await?;
    calls(rows)
}

/// Records that these are about to be made. Committed before the call: after a crash nobody could tell
/// otherwise. Whether somebody is banned is looked at here, too: what was asked for before the ban may have
/// waited for long. `unsure` are attempts that may have been recorded and surely were not made.
pub async fn begin(
    conn: &mut Conn,
    attempts: &[(Uuid, u32)],
    unsure: &[(Uuid, u32)],
) -> anyhow::Result<Begun> {
    if unsure.is_empty() {
        // One statement is a transaction.
        return record(conn, attempts).await;
    }
    conn.transaction(async |conn| {
        let unsure: Vec<Back> =
            unsure.iter().map(|&(id, attempt)| Back { id, attempt, not_before: None }).collect();
        put_back(conn, &unsure).await?;
        record(conn, attempts).await
    })
    .await
}

async fn record(conn: &mut Conn, attempts: &[(Uuid, u32)]) -> anyhow::Result<Begun> {
    let numbers: Vec<i32> =
        attempts.iter().map(|(_, attempt)| i32::try_from(*attempt)).collect::<Result<_, _>>()?;
    let recorded: Vec<Recorded> = diesel::sql_query(
        "UPDATE calls SET state = 'sending', updated_at = now()
         FROM UNNEST($1, $2) AS begun (id, attempt)
         WHERE calls.id = begun.id AND calls.attempt = begun.attempt AND state = 'queued'
         RETURNING calls.id, NOT task ? 'delete' AND EXISTS (
             SELECT FROM user_data
             WHERE user_data.user_id = calls.user_id AND banned_reason IS NOT NULL) AS banned",
    )
    .bind::<Array<SqlUuid>, _>(attempts.iter().map(|(id, _)| *id).collect::<Vec<_>>())
    .bind::<Array<Integer>, _>(numbers)
    .prepared()
    .get_results(conn)
    .await?;
    let (banned, may) = recorded.into_iter().partition::<Vec<_>, _>(|row| row.banned);
    let ids = |rows: Vec<Recorded>| rows.into_iter().map(|row| row.id).collect();
    Ok(Begun { may: ids(may), banned: ids(banned) })
}

/// Queues again what was surely not made, under the same attempt.
pub(super) async fn put_back(conn: &mut Conn, back: &[Back]) -> anyhow::Result<()> {
    let numbers: Vec<i32> = back.iter().map(|back| i32::try_from(back.attempt)).collect::<Result<_, _>>()?;
    diesel::sql_query(
        "UPDATE calls SET state = 'queued', not_before = back.not_before, updated_at = now()
         FROM UNNEST($1, $2, $3) AS back (id, attempt, not_before)
         WHERE calls.id = back.id AND calls.attempt = back.attempt AND state = 'sending'",
    )
    .bind::<Array<SqlUuid>, _>(back.iter().map(|back| back.id).collect::<Vec<_>>())
    .bind::<Array<Integer>, _>(numbers)
    .bind::<Array<Nullable<Timestamptz>>, _>(
        back.iter().map(|back| NullableTimestamp::from(back.not_before)).collect::<Vec<_>>(),
    )
    .prepared()
    .execute(conn)
    .await?;
    Ok(())
}

/// Makes a bot's own what waits from before bots had numbers here: there was one then.
pub async fn adopt(conn: &mut Conn, bot_id: i64) -> diesel::QueryResult<usize> {
    diesel::sql_query("UPDATE calls SET bot_id = $1 WHERE bot_id = 0 AND state IN ('queued', 'sending')")
        .bind::<BigInt, _>(bot_id)
        .prepared()
        .execute(conn)
        .await
}

/// Gives up every attempt of a bot that was begun and has no outcome: whoever began it is gone. What can
/// be repeated is queued again; each of the others becomes the fact that `fact` makes of it. The outbox
/// row is to be published.
pub async fn give_up(
    conn: &mut Conn,
    bot_id: i64,
    fact: impl Fn(&Call) -> Outgoing + Send + Sync,
) -> anyhow::Result<Option<(i64, Vec<Outgoing>)>> {
    conn.transaction(async |conn| {
        let rows: Vec<Row> = diesel::sql_query(format!(
            "WITH interrupted AS (
                 UPDATE calls SET state = CASE WHEN task ? 'send' THEN 'unknown' ELSE 'queued' END,
                     updated_at = now()
                 WHERE bot_id = $1 AND state = 'sending'
                 RETURNING {COLUMNS})
             SELECT * FROM interrupted ORDER BY position, part"
        ))
        .bind::<BigInt, _>(bot_id)
        .prepared()
        .get_results(conn)
        .await?;
        let interrupted = calls(rows)?;
        let facts = interrupted.iter().filter(|call| !call.task.repeatable()).map(&fact).collect();
        outcome::keep(conn, facts).await
    })
    .await
}
