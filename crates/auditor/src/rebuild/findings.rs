use std::fmt;

use super::Rebuilt;

/// The first of many, and how many there are.
#[derive(Debug, Clone)]
pub struct Listed<T> {
    pub shown: Vec<T>,
    pub total: u64,
}

/// How many are kept: enough to see what is wrong, and bounded.
const SHOWN: usize = 1_000;

impl<T> Default for Listed<T> {
    fn default() -> Self {
        Self { shown: Vec::new(), total: 0 }
    }
}

impl<T> Listed<T> {
    pub(crate) fn push(&mut self, one: T) {
        if self.shown.len() < SHOWN {
            self.shown.push(one);
        }
        self.total += 1;
    }

    /// How many are not kept.
    pub(crate) const fn more(&self) -> u64 {
        self.total - self.shown.len() as u64
    }

    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.total == 0
    }
}

/// A message of the log that is no event of the contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undecodable {
    pub sequence: u64,
    pub subject: String,
    pub reason: String,
}

/// An event that the tables do not take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    pub sequence: u64,
    pub subject: String,
    /// The database's words.
    pub reason: String,
}

/// The log has a version of an entity, but not the one before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// `orders.<id>`, `accounts.<user>` or `users.<id>`.
    pub owner: String,
    /// The first version that is missing; of a user the only one, the registration.
    pub missing: u64,
    /// The lowest version behind the gap, and its sequence.
    pub waiting: u64,
    pub sequence: u64,
}

/// A foreign key that the rebuilt rows break.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Orphan {
    pub table: String,
    pub constraint: String,
    /// The database's words, which name the first such row.
    pub detail: String,
}

impl fmt::Display for Undecodable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} is no event: {}", self.sequence, self.subject, self.reason)
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} does not fit the tables: {}", self.sequence, self.subject, self.reason)
    }
}

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { owner, missing, waiting, sequence } = self;
        write!(f, "{owner}: the log lacks version {missing}; version {waiting} ({sequence}) waits for it")
    }
}

impl fmt::Display for Orphan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} does not hold: {}", self.table, self.constraint, self.detail)
    }
}

impl fmt::Display for Rebuilt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { position, events, repeated, elapsed, undecodable, refused, gaps, orphans } = self;
        lines(f, gaps)?;
        listed(f, refused)?;
        lines(f, orphans)?;
        listed(f, undecodable)?;
        let seconds = elapsed.as_secs_f64();
        write!(f, "folded the log up to {position}: {events} events, {repeated} repeated, {seconds:.1} s")
    }
}

pub(crate) fn lines<T: fmt::Display>(f: &mut fmt::Formatter<'_>, list: &[T]) -> fmt::Result {
    list.iter().try_for_each(|one| writeln!(f, "{one}"))
}

pub(crate) fn listed<T: fmt::Display>(f: &mut fmt::Formatter<'_>, list: &Listed<T>) -> fmt::Result {
    lines(f, &list.shown)?;
    match list.more() {
        0 => Ok(()),
        more => writeln!(f, "… and {more} more"),
    }
}
