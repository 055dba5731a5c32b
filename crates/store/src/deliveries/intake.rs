use std::collections::HashSet;

use diesel::{
    OptionalExtension as _,
    sql_types::{Array, BigInt, Bool, Nullable, Text, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl as _;
use events::Meta;
use uuid::Uuid;

use super::{COLUMNS, Delivery, Row};
use crate::Conn;

/// A reply that is to be sent for the first time.
#[derive(Debug, Clone)]
pub struct Wanted<'e> {
    pub message_id: Uuid,
    pub user_id: i64,
    /// The log sequence of the wish.
    pub position: i64,
    pub message_text: &'e str,
    pub reply_to_telegram_id: Option<i64>,
    pub cause: &'e Meta,
    /// False for what Telegram is not even asked: it is remembered as failed.
    pub deliverable: bool,
}

#[derive(diesel::QueryableByName)]
struct Entered {
    #[diesel(sql_type = SqlUuid)]
    message_id: Uuid,
}

/// Remembers replies; those that are remembered already are left as they are. Returns the new ones.
pub async fn enter(conn: &mut Conn, wanted: &[Wanted<'_>]) -> anyhow::Result<HashSet<Uuid>> {
    if wanted.is_empty() {
        return Ok(HashSet::new());
    }
    let causes = wanted.iter().map(|one| serde_json::to_string(one.cause)).collect::<Result<Vec<_>, _>>()?;
    let texts: Vec<String> = wanted.iter().map(|one| one.message_text.replace('\0', "")).collect();
    let states: Vec<&str> =
        wanted.iter().map(|one| if one.deliverable { "queued" } else { "failed" }).collect();
    let entered: Vec<Entered> = diesel::sql_query(
        "INSERT INTO deliveries (message_id, user_id, position, state, attempt, message_text,
                                 reply_to_telegram_id, cause, updated_at)
         SELECT message_id, user_id, position, state, 1, message_text, reply_to_telegram_id, cause::jsonb,
                now()
         FROM UNNEST($1, $2, $3, $4, $5, $6, $7)
              AS new (message_id, user_id, position, state, message_text, reply_to_telegram_id, cause)
         ON CONFLICT DO NOTHING RETURNING message_id",
    )
    .bind::<Array<SqlUuid>, _>(wanted.iter().map(|one| one.message_id).collect::<Vec<_>>())
    .bind::<Array<BigInt>, _>(wanted.iter().map(|one| one.user_id).collect::<Vec<_>>())
    .bind::<Array<BigInt>, _>(wanted.iter().map(|one| one.position).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(states)
    .bind::<Array<Text>, _>(texts)
    .bind::<Array<Nullable<BigInt>>, _>(wanted.iter().map(|one| one.reply_to_telegram_id).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(causes)
    .get_results(conn)
    .await?;
    Ok(entered.into_iter().map(|row| row.message_id).collect())
}

/// What became of the wish to send once more.
#[derive(Debug, Clone, PartialEq)]
pub enum Again {
    Queued(Box<Delivery>),
    /// It is waiting, on its way, or was sent.
    Unneeded,
    /// There is no such reply.
    Unknown,
}

#[derive(diesel::QueryableByName)]
struct Known {
    #[diesel(sql_type = Bool)]
    known: bool,
}

/// Queues a reply once more, behind what its chat has queued by now. Only what ended without being sent
/// is sent again.
pub async fn again(conn: &mut Conn, message_id: Uuid, position: i64, cause: &Meta) -> anyhow::Result<Again> {
    let queued: Option<Row> = diesel::sql_query(format!(
        "UPDATE deliveries SET state = 'queued', attempt = attempt + 1, position = $2,
                               cause = $3::jsonb, updated_at = now()
         WHERE message_id = $1 AND state IN ('failed', 'unknown') RETURNING {COLUMNS}"
    ))
    .bind::<SqlUuid, _>(message_id)
    .bind::<BigInt, _>(position)
    .bind::<Text, _>(serde_json::to_string(cause)?)
    .get_result(conn)
    .await
    .optional()?;
    if let Some(row) = queued {
        return Ok(Again::Queued(Box::new(row.try_into()?)));
    }
    let known: Known =
        diesel::sql_query("SELECT EXISTS (SELECT FROM deliveries WHERE message_id = $1) AS known")
            .bind::<SqlUuid, _>(message_id)
            .get_result(conn)
            .await?;
    Ok(if known.known { Again::Unneeded } else { Again::Unknown })
}
