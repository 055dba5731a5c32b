use std::{fmt, time::Duration};

use serde_json::Value;
use uuid::Uuid;

use crate::{
    Listed, Rebuilt, Refused,
    rebuild::{lines, listed},
};

/// What a verification has found.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// What became of the log; its position is how far it was compared.
    pub found: Rebuilt,
    /// Rows of the live tables.
    pub rows: u64,
    /// Field by field; rows that are the same are not told.
    pub differences: Vec<Difference>,
    /// Further rows that differ, beyond those that were kept.
    pub more: u64,
    pub money: Vec<MoneyFault>,
    /// What was being written every time it was looked at.
    pub unsettled: Vec<Unsettled>,
    /// Events that their worker has given up.
    pub given_up: Listed<Refused>,
    pub elapsed: Duration,
}

/// A field, or a whole row, that is not what the log says.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    pub table: &'static str,
    /// The primary key; several columns are separated by `/`.
    pub key: String,
    /// `None`: the row is on one side only.
    pub field: Option<String>,
    /// As the live table has it.
    pub live: Option<Value>,
    /// As the log says it.
    pub rebuilt: Option<Value>,
    /// The event that made the row what it should be.
    pub responsible: Option<Responsible>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Responsible {
    pub sequence: u64,
    /// `vestnik.order.accepted.v1`
    pub event_type: String,
    pub id: Uuid,
}

/// Money that does not add up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MoneyFault {
    pub user_id: Uuid,
    pub what: String,
}

/// Somebody whose rows could not be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsettled {
    /// The first two words of a subject.
    pub owner: String,
    pub reason: String,
}

/// What it comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Everything is what the log says.
    Same,
    Different,
    /// What could be compared is the same; something could not.
    Unsure,
}

impl Report {
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        if !self.differences.is_empty() || self.more > 0 || !self.money.is_empty() {
            Verdict::Different
        } else if self.unsettled.is_empty() {
            Verdict::Same
        } else {
            Verdict::Unsure
        }
    }

    /// Everything was compared and is what the log says.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.verdict() == Verdict::Same
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { table, key, field, live, rebuilt, responsible } = self;
        match (field, live, rebuilt) {
            (None, Some(row), _) => write!(f, "{table} {key}: the log knows no such row: {row}")?,
            (None, None, row) => write!(f, "{table} {key}: the row is missing: {}", shown(row.as_ref()))?,
            (Some(field), live, rebuilt) => write!(
                f,
                "{table} {key} {field}: is {}, the log says {}",
                shown(live.as_ref()),
                shown(rebuilt.as_ref())
            )?,
        }
        match responsible {
            Some(event) => write!(f, "\n    {} {} {}", event.sequence, event.event_type, event.id),
            None => write!(f, "\n    no event of the log is about it"),
        }
    }
}

fn shown(value: Option<&Value>) -> String {
    value.map_or_else(|| "nothing".to_owned(), ToString::to_string)
}

impl fmt::Display for MoneyFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "money of {}: {}", self.user_id, self.what)
    }
}

impl fmt::Display for Unsettled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} was not compared: {}", self.owner, self.reason)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { found, rows, differences, more, money, unsettled, given_up, elapsed } = self;
        lines(f, differences)?;
        if *more > 0 {
            writeln!(f, "… and {more} more rows")?;
        }
        lines(f, money)?;
        lines(f, &found.gaps)?;
        listed(f, &found.refused)?;
        listed(f, given_up)?;
        listed(f, &found.undecodable)?;
        lines(f, unsettled)?;
        let verdict = match self.verdict() {
            Verdict::Same => "the same",
            Verdict::Different => "DIFFERENT",
            Verdict::Unsure => "the same as far as it could be compared",
        };
        let events = if found.events == 1 { "event" } else { "events" };
        write!(
            f,
            "{verdict}: {rows} rows and the log up to {} ({} {events}, {:.1} s)",
            found.position,
            found.events,
            elapsed.as_secs_f64()
        )
    }
}
