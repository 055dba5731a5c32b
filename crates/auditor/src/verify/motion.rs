use std::{
    collections::{BTreeMap, HashMap, HashSet},
    time::Duration,
};

use diesel::sql_types::{Array, BigInt, Bool, Text, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use events::{Bus, Outgoing, subjects};
use tokio::time::Instant;
use uuid::Uuid;

use super::Unsettled;
use crate::{Listed, Refused, log::Reader, owner::owner, rebuild::quoted};

/// Owners for which a snapshot and the fold tell of different events, and why.
#[derive(Debug, Default)]
pub(super) struct Motion {
    owners: BTreeMap<String, String>,
    /// Events that their worker will not handle any more: the tables lack them for good.
    pub given_up: Listed<Refused>,
}

impl Motion {
    pub(super) fn has(&self, owner: &str) -> bool {
        self.owners.contains_key(owner)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.owners.is_empty()
    }

    /// What was in motion before and is so still: the rest has been compared.
    pub(super) fn and_still(self, now: Self) -> Self {
        let owners = now.owners.into_iter().filter(|(owner, _)| self.owners.contains_key(owner)).collect();
        Self { owners, given_up: now.given_up }
    }

    pub(super) fn into_unsettled(self) -> Vec<Unsettled> {
        self.owners.into_iter().map(|(owner, reason)| Unsettled { owner, reason }).collect()
    }

    fn add(&mut self, owner: String, reason: impl Into<String>) {
        self.owners.entry(owner).or_insert_with(|| reason.into());
    }
}

/// How long the log may take to show what a worker has handled: a mirror comes a little later.
const PATIENCE: Duration = Duration::from_secs(5);

#[derive(diesel::QueryableByName)]
struct Events {
    #[diesel(sql_type = Text)]
    events: String,
}

#[derive(diesel::QueryableByName)]
struct Late {
    #[diesel(sql_type = BigInt)]
    sequence: i64,
    #[diesel(sql_type = Text)]
    owner: String,
    #[diesel(sql_type = Text)]
    consumer: String,
    #[diesel(sql_type = Bool)]
    given_up: bool,
}

#[derive(diesel::QueryableByName)]
struct Id {
    #[diesel(sql_type = SqlUuid)]
    event_id: Uuid,
}

/// Finds them in the snapshot that `conn` is in; the fold reaches up to `position`.
pub(super) async fn find(
    conn: &mut AsyncPgConnection,
    bus: &Bus,
    live: &str,
    rebuilt: &str,
    position: u64,
) -> anyhow::Result<Motion> {
    let (live, rebuilt) = (quoted(live), quoted(rebuilt));
    let mut motion = Motion::default();
    unpublished(conn, &live, position, &mut motion).await?;
    unhandled(conn, &live, &rebuilt, &mut motion).await?;
    handled_since(conn, bus, &live, &rebuilt, position, &mut motion).await?;
    Ok(motion)
}

/// Committed, but not in the fold.
async fn unpublished(
    conn: &mut AsyncPgConnection,
    live: &str,
    position: u64,
    motion: &mut Motion,
) -> anyhow::Result<()> {
    let rows: Vec<Events> = diesel::sql_query(format!(
        "SELECT events FROM {live}.outbox WHERE published_at IS NULL OR sequence IS NULL OR sequence > $1"
    ))
    .bind::<BigInt, _>(position.cast_signed())
    .get_results(conn)
    .await?;
    for row in rows {
        for event in serde_json::from_str::<Vec<Outgoing>>(&row.events)? {
            motion.add(owner(&event.recorded()?.event), "committed, and not known to be published yet");
        }
    }
    Ok(())
}

/// In the fold, but not handled by their worker. One that is ten minutes old while its worker has handled
/// later ones was given up: that leaves a real difference, if it makes one. The inbox forgets after seven
/// days.
async fn unhandled(
    conn: &mut AsyncPgConnection,
    live: &str,
    rebuilt: &str,
    motion: &mut Motion,
) -> anyhow::Result<()> {
    let rows: Vec<Late> = diesel::sql_query(format!(
        "WITH late AS (
             SELECT sequence, owner, consumer, stored FROM {rebuilt}.auditor_seen AS seen
             WHERE consumer IS NOT NULL AND stored > now() - interval '6 days' AND NOT EXISTS (
                 SELECT FROM {live}.inbox
                 WHERE inbox.consumer = seen.consumer AND inbox.event_id = seen.event_id)
         ), handled AS (
             SELECT consumer, max(sequence) AS newest FROM {rebuilt}.auditor_seen AS seen
             WHERE consumer IN (SELECT consumer FROM late) AND EXISTS (
                 SELECT FROM {live}.inbox
                 WHERE inbox.consumer = seen.consumer AND inbox.event_id = seen.event_id)
             GROUP BY consumer
         )
         SELECT sequence, owner, consumer,
             stored < now() - interval '10 minutes' AND sequence < COALESCE(newest, 0) AS given_up
         FROM late LEFT JOIN handled USING (consumer) ORDER BY sequence"
    ))
    .get_results(conn)
    .await?;
    for Late { sequence, owner, consumer, given_up } in rows {
        if given_up {
            let reason = format!("never handled by {consumer}; see the dead letters");
            motion.given_up.push(Refused { sequence: sequence.cast_unsigned(), subject: owner, reason });
        } else {
            motion.add(owner, format!("event {sequence} is not handled by {consumer} yet"));
        }
    }
    Ok(())
}

/// Handled, but not in the fold: the log is read on until it has told whose events they are.
async fn handled_since(
    conn: &mut AsyncPgConnection,
    bus: &Bus,
    live: &str,
    rebuilt: &str,
    position: u64,
    motion: &mut Motion,
) -> anyhow::Result<()> {
    let rows: Vec<Id> = diesel::sql_query(format!(
        "SELECT DISTINCT event_id FROM {live}.inbox
         WHERE consumer = ANY ($1) AND received_at > now() - interval '10 minutes' AND NOT EXISTS (
             SELECT FROM {rebuilt}.auditor_seen AS seen WHERE seen.event_id = inbox.event_id)"
    ))
    .bind::<Array<Text>, _>(vec![
        subjects::CHAT_WORKER.name,
        subjects::MEDIA_WORKER.name,
        subjects::ORDER_WORKER_SCANS.name,
    ])
    .get_results(conn)
    .await?;
    let mut unknown: HashSet<Uuid> = rows.into_iter().map(|row| row.event_id).collect();
    if unknown.is_empty() {
        return Ok(());
    }
    let mut owners = HashMap::new();
    let mut reader = Reader::open(bus, Vec::new(), position + 1).await?;
    let started = Instant::now();
    while !unknown.is_empty() {
        let left = PATIENCE.saturating_sub(started.elapsed());
        let Ok(message) = tokio::time::timeout(left, reader.next()).await else { break };
        if let Ok(recorded) = message.decode()
            && unknown.remove(&recorded.meta.id)
        {
            owners.insert(owner(&recorded.event), message.sequence);
        }
    }
    for (owner, sequence) in owners {
        motion.add(owner, format!("event {sequence} was handled meanwhile"));
    }
    for id in unknown {
        // Its rows, if it made any, stand against the log: they are told as differences.
        motion.add(format!("event {id}"), "handled by a worker, and not in the log");
    }
    Ok(())
}
