//! What the events of a chat do to its tables. Each step takes the whole slice and makes one or two
//! statements of it, so that the number of statements does not grow with the number of messages.

mod blocks;
mod changes;
mod deliveries;
mod edits;
mod files;
mod messages;
mod missing;
mod notes;
mod parts;
mod people;
mod reactions;
mod states;

use events::{LogEvent, Recorded, chats::ChatEvent};

use crate::{
    Conn,
    storable::{storable, storable_json},
};

pub use missing::{Expected, missing};

/// A chat event with what the tables need of its metadata.
#[derive(Debug, Clone, Copy)]
struct Step<'e> {
    position: i64,
    time: jiff::Timestamp,
    event: &'e ChatEvent,
}

/// Folds chat events, in the order of the log, into the tables. Repeated events change nothing; events
/// about messages that are not stored (nor come in the same slice) change nothing either.
pub(crate) async fn apply(conn: &mut Conn, facts: &[Recorded]) -> anyhow::Result<()> {
    let steps = facts.iter().filter_map(step).collect::<anyhow::Result<Vec<_>>>()?;
    let known = people::ensure(conn, &steps).await?;
    let stored = messages::insert(conn, &steps).await?;
    people::rename(conn, &steps, &stored, known).await?;
    parts::insert(conn, &steps, &stored).await?;
    states::follow(conn, &steps, &stored).await?;
    blocks::follow(conn, &steps).await?;
    deliveries::fold(conn, &steps).await?;
    edits::fold(conn, &steps).await?;
    changes::fold(conn, &steps).await?;
    files::attach(conn, &steps).await?;
    reactions::keep(conn, &steps).await?;
    notes::keep(conn, &steps).await?;
    Ok(())
}

fn step(fact: &Recorded) -> Option<anyhow::Result<Step<'_>>> {
    let LogEvent::Chat(event) = &fact.event else { return None };
    Some(position(fact).map(|position| Step { position, time: fact.meta.time, event }))
}

/// The history is ordered by the log, so what the log does not have yet has no place in it.
fn position(fact: &Recorded) -> anyhow::Result<i64> {
    let position =
        fact.position.ok_or_else(|| anyhow::anyhow!("a chat event can only be applied from the log"))?;
    Ok(i64::try_from(position)?)
}
