use std::collections::HashSet;

use anyhow::bail;
use diesel::sql_types::{Array, BigInt, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncConnection as _, AsyncPgConnection, RunQueryDsl as _};
use events::{Bus, LogEvent, Recorded, images::ImageEvent, orders::OrderEvent, subjects, users::UserEvent};
use futures::{FutureExt as _, future::BoxFuture};
use uuid::Uuid;

use super::{
    Rebuilt, Refused, Target,
    read::{Batch, Read},
    target,
    versions::{Current, Entity, Held},
};
use crate::{log::Reader, owner::owner};

/// Facts held back at most: so many mean that the log has lost something early.
const MOST_HELD: usize = 100_000;

/// Folds batches of the log into a schema.
pub(crate) struct Folder {
    pub(crate) target: Target,
    pub(crate) found: Rebuilt,
    held: Held,
    /// Whether `auditor_held` has rows.
    noted: bool,
}

#[derive(diesel::QueryableByName)]
struct Id {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

#[derive(diesel::QueryableByName)]
struct Version {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = BigInt)]
    version: i64,
}

impl Folder {
    /// Goes on where the schema stands, with what an earlier run has held back.
    pub(crate) async fn resume(bus: &Bus, mut target: Target) -> anyhow::Result<Self> {
        let mut held = Held::default();
        let mut back = Vec::new();
        for sequence in target.held().await? {
            let message = Reader::open(bus, Vec::new(), sequence).await?.next().await;
            back.push(message.decode()?);
        }
        let noted = !back.is_empty();
        let mut current = current(&mut target.conn, back.iter().filter_map(Entity::of)).await?;
        held.admit(back, &mut current);
        Ok(Self { target, found: Rebuilt::default(), held, noted })
    }

    pub(crate) const fn position(&self) -> u64 {
        self.target.position
    }

    pub(super) async fn fold(&mut self, batch: Batch) -> anyhow::Result<()> {
        let Self { target, found, held, noted } = self;
        found.events += batch.messages;
        for message in batch.undecodable {
            found.undecodable.push(message);
        }
        let Batch { last, events, .. } = batch;
        target
            .conn
            .transaction::<_, anyhow::Error, _>(async |conn| {
                let events = unseen(conn, events, &mut found.repeated).await?;
                let mut current = current(conn, events.iter().filter_map(Entity::of)).await?;
                let admitted = held.admit(events, &mut current);
                found.repeated += admitted.repeated;
                apply(conn, &admitted.facts, &mut found.refused).await?;
                let waiting = held.len();
                if waiting > MOST_HELD {
                    bail!("{waiting} facts wait for versions that the log lacks");
                }
                let note = (waiting > 0 || *noted).then(|| held.sequences());
                *noted = waiting > 0;
                Ok(target::note(conn, last, note).await?)
            })
            .await?;
        target.position = last;
        Ok(())
    }

    /// What was found so far, with the gaps that are open.
    pub(crate) async fn findings(&mut self) -> anyhow::Result<Rebuilt> {
        let current = current(&mut self.target.conn, self.held.entities().map(|entity| (entity, 0))).await?;
        let mut found = self.found.clone();
        found.gaps = self.held.gaps(&current);
        found.position = self.position();
        Ok(found)
    }

    pub(super) async fn finish(mut self) -> anyhow::Result<Rebuilt> {
        let orphans = self.target.restore_foreign_keys().await?;
        Ok(Rebuilt { orphans, ..self.findings().await? })
    }
}

/// Which consumer writes what the event says: `None` when it was written before it was published.
fn consumer(event: &LogEvent) -> Option<&'static str> {
    match event {
        LogEvent::Chat(_)
        | LogEvent::Desk(_)
        | LogEvent::User(UserEvent::TelegramLinked(_) | UserEvent::TelegramUnlinked(_)) => {
            Some(subjects::CHAT_WORKER.name)
        }
        LogEvent::Image(ImageEvent::ImageUploaded(_)) => Some(subjects::MEDIA_WORKER.name),
        LogEvent::Order(OrderEvent::OrderScanned(_)) => Some(subjects::ORDER_WORKER_SCANS.name),
        _ => None,
    }
}

/// Drops what has been folded under the same id: the broker knows ids for two minutes only, and a fold of
/// a repeated wish would not be harmless. Facts with a version are known by that.
async fn unseen(
    conn: &mut AsyncPgConnection,
    events: Vec<Read>,
    repeated: &mut u64,
) -> anyhow::Result<Vec<Recorded>> {
    let by_version = |event: &Read| match &event.recorded.event {
        LogEvent::Order(event) => !matches!(event, OrderEvent::OrderScanned(_)),
        LogEvent::Account(_) => true,
        LogEvent::Image(_)
        | LogEvent::Chat(_)
        | LogEvent::User(_)
        | LogEvent::Letter(_)
        | LogEvent::Desk(_) => false,
    };
    let watched: Vec<&Read> = events.iter().filter(|event| !by_version(event)).collect();
    let mut fresh = HashSet::new();
    if !watched.is_empty() {
        let rows: Vec<Id> = diesel::sql_query(
            "INSERT INTO auditor_seen (event_id, sequence, stored, consumer, owner)
             SELECT * FROM UNNEST($1, $2, $3, $4, $5)
             ON CONFLICT DO NOTHING RETURNING event_id AS id",
        )
        .bind::<Array<SqlUuid>, _>(watched.iter().map(|event| event.recorded.meta.id).collect::<Vec<_>>())
        .bind::<Array<BigInt>, _>(
            watched
                .iter()
                .map(|event| event.recorded.position.unwrap_or_default().cast_signed())
                .collect::<Vec<_>>(),
        )
        .bind::<Array<Timestamptz>, _>(
            watched.iter().map(|event| jiff_diesel::Timestamp::from(event.stored)).collect::<Vec<_>>(),
        )
        .bind::<Array<Nullable<Text>>, _>(
            watched.iter().map(|event| consumer(&event.recorded.event)).collect::<Vec<_>>(),
        )
        .bind::<Array<Text>, _>(watched.iter().map(|event| owner(&event.recorded.event)).collect::<Vec<_>>())
        .get_results(conn)
        .await?;
        fresh.extend(rows.into_iter().map(|row| row.id));
    }
    let before = events.len();
    let kept: Vec<Recorded> = events
        .into_iter()
        // `remove` and not `contains`: an id that is twice in the batch is folded once.
        .filter(|event| by_version(event) || fresh.remove(&event.recorded.meta.id))
        .map(|event| event.recorded)
        .collect();
    *repeated += (before - kept.len()) as u64;
    Ok(kept)
}

async fn current(
    conn: &mut AsyncPgConnection,
    entities: impl Iterator<Item = (Entity, u64)>,
) -> anyhow::Result<Current> {
    let (mut orders, mut accounts, mut users) = (Vec::new(), Vec::new(), Vec::new());
    for (entity, _) in entities {
        match entity {
            Entity::Order(id) => orders.push(id),
            Entity::Account(id) => accounts.push(id),
            Entity::User(id) => users.push(id),
        }
    }
    let mut current = Current::new();
    for (ids, entity, query) in [
        (orders, Entity::Order as fn(Uuid) -> Entity, "SELECT id, version FROM orders WHERE id = ANY($1)"),
        (accounts, Entity::Account, "SELECT user_id AS id, version FROM balances WHERE user_id = ANY($1)"),
        (
            users,
            Entity::User,
            "SELECT id, 1::bigint AS version FROM users WHERE id = ANY($1) AND phone IS NOT NULL",
        ),
    ] {
        if ids.is_empty() {
            continue;
        }
        let rows: Vec<Version> =
            diesel::sql_query(query).bind::<Array<SqlUuid>, _>(ids).get_results(conn).await?;
        current.extend(rows.into_iter().map(|row| (entity(row.id), row.version.cast_unsigned())));
    }
    Ok(current)
}

/// Applies all, or, when the tables refuse, each half on its own, so that one event that does not fit is
/// found and harms only itself.
fn apply<'a>(
    conn: &'a mut AsyncPgConnection,
    facts: &'a [Recorded],
    refused: &'a mut super::Listed<Refused>,
) -> BoxFuture<'a, anyhow::Result<()>> {
    async move {
        let Some(first) = facts.first() else { return Ok(()) };
        let applied = conn.transaction(async |conn| store::apply(conn, facts).await).await;
        let Err(error) = applied else { return Ok(()) };
        if store::is_transient(&error) {
            return Err(error);
        }
        if facts.len() == 1 {
            refused.push(Refused {
                sequence: first.position.unwrap_or_default(),
                subject: first.event.subject(),
                reason: format!("{error:#}"),
            });
            return Ok(());
        }
        let (one, other) = facts.split_at(facts.len() / 2);
        apply(conn, one, refused).await?;
        apply(conn, other, refused).await
    }
    .boxed()
}
