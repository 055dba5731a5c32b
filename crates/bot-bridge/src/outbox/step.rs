use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use store::calls::Call;
use uuid::Uuid;

use super::item::{Finished, Way};

/// A moment, by a clock that only goes forward and by the one on the wall.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Now {
    /// Since some beginning.
    pub(crate) at: Duration,
    pub(crate) time: Timestamp,
}

/// What to do now. Until it is `Wait` or `Idle`, ask again.
#[derive(Debug)]
pub(crate) enum Step {
    /// Record, in one transaction, that these are about to be made; of `unsure`, attempts that may have
    /// been recorded and were not made, that they were not. Then [`super::Outbox::recorded`] or
    /// [`super::Outbox::not_recorded`].
    Record { attempts: Vec<(Uuid, u32)>, unsure: Vec<(Uuid, u32)> },
    /// Make this call. Then [`super::Outbox::answered`].
    Make(Box<Call>, Way),
    /// Record these outcomes in one transaction. Then [`super::Outbox::committed`] and, once the facts are
    /// published as far as they can be, [`super::Outbox::published`]; or [`super::Outbox::not_committed`].
    Commit(Arc<Vec<Finished>>),
    /// Let whoever looks at the chat know.
    Tell(Waiting),
    /// Nothing before this time, unless something is told.
    Wait(Duration),
    /// Nothing, until something is told.
    Idle,
}

/// That a part of a message waits, or is on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Waiting {
    pub(crate) user_id: i64,
    pub(crate) message_id: Uuid,
    pub(crate) part: u32,
    /// When it is tried next; `None` while it is being sent.
    pub(crate) until: Option<Timestamp>,
}

impl Now {
    /// The time on the wall at a time of the other clock.
    pub(super) fn time_of(self, at: Duration) -> Option<Timestamp> {
        self.time.checked_add(at.saturating_sub(self.at)).ok()
    }
}
