//! What became of dead letters. The letters themselves are at the broker.

mod apply;
mod settle;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use jiff::Timestamp;

use crate::{Conn, schema::letters_settled as table};

pub(crate) use apply::apply;
pub use settle::{Settle, settle};

/// What somebody decided about a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    pub consumer: String,
    pub sequence: u64,
    pub outcome: Outcome,
    /// Why it was discarded.
    pub reason: Option<String>,
    /// A user's id, or the service itself.
    pub actor: String,
    pub at: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Redriven,
    Discarded,
}

impl Outcome {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Redriven => "redriven",
            Self::Discarded => "discarded",
        }
    }
}

/// What was decided about those of these letters, by consumer and sequence, that are not waiting any more.
pub async fn settled(conn: &mut Conn, letters: &[(&str, u64)]) -> QueryResult<Vec<Settled>> {
    type Row = (String, i64, String, Option<String>, String, jiff_diesel::Timestamp);
    let sequences: Vec<i64> = letters.iter().map(|(_, sequence)| sequence.cast_signed()).collect();
    let rows: Vec<Row> = table::table
        .filter(table::sequence.eq_any(sequences))
        .select((table::consumer, table::sequence, table::outcome, table::reason, table::actor, table::at))
        .load(conn)
        .await?;
    Ok(rows
        .into_iter()
        .filter(|row| letters.contains(&(row.0.as_str(), row.1.cast_unsigned())))
        .map(|(consumer, sequence, outcome, reason, actor, at)| Settled {
            consumer,
            sequence: sequence.cast_unsigned(),
            outcome: if outcome == Outcome::Redriven.name() { Outcome::Redriven } else { Outcome::Discarded },
            reason,
            actor,
            at: at.into(),
        })
        .collect())
}

/// How many letters are not waiting any more.
pub async fn count_settled(conn: &mut Conn) -> QueryResult<i64> {
    table::table.count().get_result(conn).await
}
