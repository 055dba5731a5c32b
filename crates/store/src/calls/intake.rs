use diesel::sql_types::{Array, BigInt, Bool, Integer, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl as _;
use events::{Meta, derived_id};
use uuid::Uuid;

use super::{COLUMNS, Call, Row, Task, calls};
use crate::prepared::Prepared as _;
use crate::{Conn, storable::storable_json};

/// A call that is to be made for the first time.
#[derive(Debug, Clone)]
pub struct Wanted<'e> {
    /// The same for the same wish: see [`Self::id`].
    pub id: Uuid,
    /// The bot that the wish names; `None` for the one that the person wrote to last.
    pub bot_id: Option<i64>,
    pub user_id: i64,
    /// The log sequence of the wish.
    pub position: i64,
    pub part: u32,
    pub message_id: Uuid,
    pub task: Task,
    pub cause: &'e Meta,
    /// False for what Telegram is not even asked: it is remembered as failed.
    pub deliverable: bool,
}

impl Wanted<'_> {
    /// The id of a part of a wish.
    #[must_use]
    pub fn id(wish: Uuid, part: u32) -> Uuid {
        derived_id(&["call", &wish.to_string(), &part.to_string()])
    }
}

#[derive(diesel::QueryableByName)]
struct Entered {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = BigInt)]
    bot_id: i64,
}

/// Remembers calls; those that are remembered already are left as they are. Returns the new ones, each
/// with its bot: the one that the wish names, else the one that the person wrote to last, else `usual`.
pub async fn enter(conn: &mut Conn, wanted: &[Wanted<'_>], usual: i64) -> anyhow::Result<Vec<(Uuid, i64)>> {
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let causes = wanted.iter().map(|one| serde_json::to_string(one.cause)).collect::<Result<Vec<_>, _>>()?;
    let tasks = wanted.iter().map(|one| storable_json(&one.task)).collect::<Result<Vec<_>, _>>()?;
    let parts = wanted.iter().map(|one| i32::try_from(one.part)).collect::<Result<Vec<_>, _>>()?;
    let states: Vec<&str> =
        wanted.iter().map(|one| if one.deliverable { "queued" } else { "failed" }).collect();
    let entered: Vec<Entered> = diesel::sql_query(
        "INSERT INTO calls (id, bot_id, user_id, position, part, message_id, task, state, attempt, cause,
                            updated_at)
         SELECT new.id,
                COALESCE(NULLIF(new.bot_id, 0), NULLIF(user_data.bot_id, 0), $9),
                new.user_id, new.position, new.part, new.message_id, new.task::jsonb, new.state, 1,
                new.cause::jsonb, now()
         FROM UNNEST($1, $2, $3, $4, $5, $6, $7, $8, $10)
              AS new (id, bot_id, user_id, position, part, message_id, task, state, cause)
         LEFT JOIN user_data ON user_data.user_id = new.user_id
         ON CONFLICT DO NOTHING RETURNING id, bot_id",
    )
    .bind::<Array<SqlUuid>, _>(wanted.iter().map(|one| one.id).collect::<Vec<_>>())
    .bind::<Array<BigInt>, _>(wanted.iter().map(|one| one.bot_id.unwrap_or_default()).collect::<Vec<_>>())
    .bind::<Array<BigInt>, _>(wanted.iter().map(|one| one.user_id).collect::<Vec<_>>())
    .bind::<Array<BigInt>, _>(wanted.iter().map(|one| one.position).collect::<Vec<_>>())
    .bind::<Array<Integer>, _>(parts)
    .bind::<Array<SqlUuid>, _>(wanted.iter().map(|one| one.message_id).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(tasks)
    .bind::<Array<Text>, _>(states)
    .bind::<BigInt, _>(usual)
    .bind::<Array<Text>, _>(causes)
    .prepared()
    .get_results(conn)
    .await?;
    Ok(entered.into_iter().map(|row| (row.id, row.bot_id)).collect())
}

/// What became of the wish to send once more.
#[derive(Debug, Clone, PartialEq)]
pub enum Again {
    /// What ended without being sent waits once more.
    Queued(Vec<Call>),
    /// All of it is waiting, on its way, or was sent.
    Unneeded,
    /// There is no such message.
    Unknown,
}

#[derive(diesel::QueryableByName)]
struct Known {
    #[diesel(sql_type = Bool)]
    known: bool,
}

/// Queues the parts of a message once more that ended without being sent, behind what its chat has queued
/// by now.
pub async fn again(conn: &mut Conn, message_id: Uuid, position: i64, cause: &Meta) -> anyhow::Result<Again> {
    let rows: Vec<Row> = diesel::sql_query(format!(
        "WITH again AS (
             UPDATE calls SET state = 'queued', attempt = attempt + 1, position = $2, not_before = NULL,
                              cause = $3::jsonb, updated_at = now()
             WHERE message_id = $1 AND task ? 'send' AND state IN ('failed', 'unknown') RETURNING {COLUMNS})
         SELECT * FROM again ORDER BY part"
    ))
    .bind::<SqlUuid, _>(message_id)
    .bind::<BigInt, _>(position)
    .bind::<Text, _>(serde_json::to_string(cause)?)
    .prepared()
    .get_results(conn)
    .await?;
    if !rows.is_empty() {
        return Ok(Again::Queued(calls(rows)?));
    }
    let known: Known = diesel::sql_query(
        "SELECT EXISTS (SELECT FROM calls WHERE message_id = $1 AND task ? 'send') AS known",
    )
    .bind::<SqlUuid, _>(message_id)
    .prepared()
    .get_result(conn)
    .await?;
    Ok(if known.known { Again::Unneeded } else { Again::Unknown })
}
