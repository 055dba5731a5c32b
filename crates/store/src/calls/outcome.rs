use std::collections::HashSet;

use diesel::sql_types::{Array, Integer, Text, Uuid as SqlUuid};
use diesel_async::{AsyncConnection as _, RunQueryDsl as _};
use events::{Outgoing, Service};
use jiff::Timestamp;
use uuid::Uuid;

use super::{attempt::put_back, pause};
use crate::{Conn, outbox, prepared::Prepared as _};

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Sent,
    Failed,
    Unknown,
}

/// An attempt that was surely not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Back {
    pub id: Uuid,
    pub attempt: u32,
    /// Telegram wants it no earlier.
    pub not_before: Option<jiff::Timestamp>,
}

/// The end of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    pub id: Uuid,
    pub attempt: u32,
    pub outcome: Outcome,
    /// What Telegram calls what it became.
    pub telegram_message_ids: Vec<i64>,
}

#[derive(diesel::QueryableByName)]
struct Row {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

/// Records what attempts have come to, in one transaction: those `back` were surely not made and wait
/// again, those `ended` have an outcome; where a `pause` is given, its bot may send nothing until then. Returns the outbox row to be published: of `facts`, each beside
/// its call, those that are news.
pub async fn conclude(
    conn: &mut Conn,
    back: &[Back],
    ended: &[Ended],
    facts: &[(Uuid, Outgoing)],
    pause: Option<(i64, Timestamp)>,
) -> anyhow::Result<Option<(i64, Vec<Outgoing>)>> {
    conn.transaction(async |conn| {
        if !back.is_empty() {
            put_back(conn, back).await?;
        }
        if let Some((bot_id, until)) = pause {
            pause::pause(conn, bot_id, until).await?;
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

/// Records that calls which wait are not made, because nobody can.
pub async fn fail(conn: &mut Conn, calls: &[Uuid]) -> diesel::QueryResult<()> {
    diesel::sql_query(
        "UPDATE calls SET state = 'failed', not_before = NULL, updated_at = now()
         WHERE id = ANY($1) AND state = 'queued'",
    )
    .bind::<Array<SqlUuid>, _>(calls)
    .execute(conn)
    .await?;
    Ok(())
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
/// certain outcome all the same; one that is followed by another does not. Rows stay for ever, as what keeps a
/// wish from being carried out twice; of what can never be tried again only that is kept.
async fn end(conn: &mut Conn, ended: &[Ended]) -> anyhow::Result<HashSet<Uuid>> {
    let attempts: Vec<i32> = ended.iter().map(|one| i32::try_from(one.attempt)).collect::<Result<_, _>>()?;
    let ids = ended
        .iter()
        .map(|one| serde_json::to_string(&one.telegram_message_ids))
        .collect::<Result<Vec<_>, _>>()?;
    let news: Vec<Row> = diesel::sql_query(
        "UPDATE calls SET state = ended.state, not_before = NULL, updated_at = now(),
             telegram_message_ids = ARRAY(SELECT jsonb_array_elements_text(ended.ids::jsonb)::bigint),
             task = CASE WHEN task ? 'send' AND ended.state <> 'sent' THEN task
                         WHEN task #> '{send,files}' IS NOT NULL THEN '{\"send\": {\"files\": []}}'
                         WHEN task ? 'send' THEN '{\"send\": {}}'
                         WHEN task ? 'edit' THEN '{\"edit\": {}}'
                         ELSE task END,
             cause = CASE WHEN task ? 'send' AND ended.state <> 'sent' THEN cause ELSE '{}' END
         FROM UNNEST($1, $2, $3, $4) AS ended (id, attempt, state, ids)
         WHERE calls.id = ended.id AND calls.attempt = ended.attempt
           AND (calls.state = 'sending' OR (calls.state = 'unknown' AND ended.state <> 'unknown'))
         RETURNING calls.id",
    )
    .bind::<Array<SqlUuid>, _>(ended.iter().map(|one| one.id).collect::<Vec<_>>())
    .bind::<Array<Integer>, _>(attempts)
    .bind::<Array<Text>, _>(ended.iter().map(|one| one.outcome.name()).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(ids)
    .prepared()
    .get_results(conn)
    .await?;
    Ok(news.into_iter().map(|row| row.id).collect())
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
