use std::collections::HashSet;

use diesel::sql_types::{Array, Integer, Text, Uuid as SqlUuid};
use diesel_async::{AsyncConnection as _, RunQueryDsl as _};
use events::{Outgoing, Service};
use uuid::Uuid;

use super::attempt::put_back;
use crate::{Conn, outbox};

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Sent,
    Failed,
    Unknown,
}

/// The end of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    pub message_id: Uuid,
    pub attempt: u32,
    pub outcome: Outcome,
}

#[derive(diesel::QueryableByName)]
struct Row {
    #[diesel(sql_type = SqlUuid)]
    message_id: Uuid,
}

/// Records what attempts have come to, in one transaction: those `back` were surely not sent and wait
/// again, those `ended` have an outcome. Returns the outbox row to be published: of `facts`, each beside
/// its message, those that are news.
pub async fn conclude(
    conn: &mut Conn,
    back: &[(Uuid, u32)],
    ended: &[Ended],
    facts: &[(Uuid, Outgoing)],
) -> anyhow::Result<Option<(i64, Vec<Outgoing>)>> {
    conn.transaction(async |conn| {
        if !back.is_empty() {
            put_back(conn, back).await?;
        }
        if ended.is_empty() {
            return Ok(None);
        }
        let news = end(conn, ended).await?;
        let news = facts.iter().filter(|(id, _)| news.contains(id)).map(|(_, fact)| fact.clone());
        keep(conn, news.collect()).await
    })
    .await
}

pub(super) async fn keep(
    conn: &mut Conn,
    facts: Vec<Outgoing>,
) -> anyhow::Result<Option<(i64, Vec<Outgoing>)>> {
    if facts.is_empty() {
        return Ok(None);
    }
    Ok(Some((outbox::keep(conn, Service::BotBridge, &facts).await?, facts)))
}

/// Returns those for which the outcome is news. An attempt that was given up in the meantime takes a
/// certain outcome all the same; one that is followed by another does not.
async fn end(conn: &mut Conn, ended: &[Ended]) -> anyhow::Result<HashSet<Uuid>> {
    let news: Vec<Row> = diesel::sql_query(
        "UPDATE deliveries SET state = ended.state, updated_at = now()
         FROM UNNEST($1, $2, $3) AS ended (message_id, attempt, state)
         WHERE deliveries.message_id = ended.message_id AND deliveries.attempt = ended.attempt
           AND (deliveries.state = 'sending' OR (deliveries.state = 'unknown' AND ended.state <> 'unknown'))
         RETURNING deliveries.message_id",
    )
    .bind::<Array<SqlUuid>, _>(ended.iter().map(|one| one.message_id).collect::<Vec<_>>())
    .bind::<Array<Integer>, _>(
        ended.iter().map(|one| i32::try_from(one.attempt)).collect::<Result<Vec<_>, _>>()?,
    )
    .bind::<Array<Text>, _>(ended.iter().map(|one| one.outcome.name()).collect::<Vec<_>>())
    .get_results(conn)
    .await?;
    Ok(news.into_iter().map(|row| row.message_id).collect())
}

impl Outcome {
    const fn name(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
        }
    }
}
