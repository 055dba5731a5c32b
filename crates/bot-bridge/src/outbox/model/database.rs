use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use store::calls::{Back, Begun, Call, Outcome, Task};
use uuid::Uuid;

use super::super::{Finished, pause, sorted};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Queued,
    Sending,
    Ended(Outcome),
}

#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) call: Call,
    pub(super) state: State,
}

/// The table `calls`, with the statements of `store::calls`.
#[derive(Debug, Default)]
pub(super) struct Database {
    pub(super) rows: BTreeMap<Uuid, Row>,
    pub(super) banned: BTreeSet<i64>,
    /// Until when the bot was told to send nothing.
    pub(super) pause: Option<Timestamp>,
    /// What the log is told: which attempt of which call has come to what.
    pub(super) facts: Vec<(Uuid, u32, Outcome)>,
}

impl Database {
    pub(super) fn enter(&mut self, call: Call) {
        self.rows.insert(call.id, Row { call, state: State::Queued });
    }

    pub(super) fn begin(&mut self, attempts: &[(Uuid, u32)], unsure: &[(Uuid, u32)]) -> Begun {
        let unsure = unsure.iter().map(|&(id, attempt)| Back { id, attempt, not_before: None });
        self.put_back(unsure);
        let mut begun = Begun::default();
        for &(id, attempt) in attempts {
            if let Some(row) = self.rows.get_mut(&id)
                && row.call.attempt == attempt
                && row.state == State::Queued
            {
                row.state = State::Sending;
                let says = !matches!(row.call.task, Task::Delete {});
                let banned = says && self.banned.contains(&row.call.user_id);
                if banned { &mut begun.banned } else { &mut begun.may }.insert(id);
            }
        }
        begun
    }

    fn put_back(&mut self, back: impl Iterator<Item = Back>) {
        for Back { id, attempt, not_before } in back {
            if let Some(row) = self.rows.get_mut(&id)
                && row.call.attempt == attempt
                && row.state == State::Sending
            {
                row.state = State::Queued;
                row.call.not_before = not_before;
            }
        }
    }

    pub(super) fn conclude(&mut self, batch: &[Finished]) {
        let (back, ended) = sorted(batch);
        self.pause = self.pause.max(pause(batch));
        self.put_back(back.into_iter());
        for one in &ended {
            let Some(row) = self.rows.get_mut(&one.id) else { continue };
            let surer = row.state == State::Ended(Outcome::Unknown) && one.outcome != Outcome::Unknown;
            if row.call.attempt == one.attempt && (row.state == State::Sending || surer) {
                row.state = State::Ended(one.outcome);
                row.call.not_before = None;
                self.facts.push((one.id, one.attempt, one.outcome));
            }
        }
    }

    pub(super) fn give_up(&mut self) {
        for row in self.rows.values_mut().filter(|row| row.state == State::Sending) {
            if row.call.task.repeatable() {
                row.state = State::Queued;
            } else {
                row.state = State::Ended(Outcome::Unknown);
                self.facts.push((row.call.id, row.call.attempt, Outcome::Unknown));
            }
        }
    }

    pub(super) fn queued(&self) -> Vec<Call> {
        let queued = self.rows.values().filter(|row| row.state == State::Queued);
        let mut queued: Vec<Call> = queued.map(|row| row.call.clone()).collect();
        queued.sort_by_key(|call| (call.position, call.part));
        queued
    }

    /// An operator presses "send again".
    pub(super) fn again(&mut self, message_id: Uuid, position: i64) -> Vec<Call> {
        let mut again = Vec::new();
        for row in self.rows.values_mut() {
            let ended = matches!(row.state, State::Ended(Outcome::Failed | Outcome::Unknown));
            if row.call.message_id == message_id && matches!(row.call.task, Task::Send { .. }) && ended {
                row.call.attempt += 1;
                row.call.position = position;
                row.call.not_before = None;
                row.state = State::Queued;
                again.push(row.call.clone());
            }
        }
        again.sort_by_key(|call| call.part);
        again
    }

    /// Every wish has ended.
    pub(super) fn is_done(&self) -> bool {
        self.rows.values().all(|row| matches!(row.state, State::Ended(_)))
    }
}
