//! What a sender does next, without doing it: told what was queued, recorded, answered and committed, and
//! what time it is, it says which attempts to record, which call to make, which outcomes to record, and how
//! long nothing is to do. It knows no Telegram, no database and no clock.
//!
//! A call goes through: queued → attempt recorded → made → answered → outcome recorded. Whatever ends in
//! between leaves a row that says how far it came.

mod attempt;
mod facts;
mod hold;
mod item;
#[cfg(test)]
mod model;
mod outcome;
mod schedule;
mod scope;
mod step;
#[cfg(test)]
mod tests;
mod verdict;

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
    time::Duration,
};

use events::bus::retry::Backoff;
use store::calls::Call;
use uuid::Uuid;

pub(crate) use facts::{count, facts, failed, given_up, pause, sorted};
pub(crate) use item::{End, Finished, Way};
pub(crate) use schedule::Limits;
pub(crate) use step::{Now, Step, Waiting};
pub(crate) use verdict::{Answer, Remembered, Verdict, judge, not_sent};

use item::Item;
use schedule::Schedule;
use scope::Refusals;

/// Attempts or outcomes recorded in one transaction, at the most.
const BATCH: usize = 256;
/// Between tries of a transaction.
const RECORD: Backoff = Backoff { first: Duration::from_millis(100), most: Duration::from_secs(5) };
/// A wait that is worth telling of.
const LONG: Duration = Duration::from_secs(1);

/// Where the transaction of outcomes is; facts leave in the order of the commits.
#[derive(Debug, Default)]
enum Line {
    #[default]
    Free,
    Committing(Arc<Vec<Finished>>),
    Publishing,
}

/// See the module's documentation.
#[derive(Debug)]
pub(crate) struct Outbox {
    schedule: Schedule<Item>,
    refusals: Refusals,
    /// Whatever is in here, in which attempt.
    known: HashMap<Uuid, u32>,
    /// Whose attempts are being recorded.
    recording: Vec<Item>,
    record_under_way: bool,
    record_after: Duration,
    record_failures: u32,
    /// Attempts whose recording failed in a way that may have been committed: they were not made.
    unsure: Vec<(Uuid, u32)>,
    recorded: VecDeque<Item>,
    flying: HashMap<Uuid, Item>,
    finished: Vec<Finished>,
    line: Line,
    commit_after: Duration,
    commit_failures: u32,
    tells: VecDeque<Waiting>,
    /// Until when everybody who waits was last told that nothing is sent.
    held_until: Duration,
    stopping: bool,
}

impl Outbox {
    pub(crate) fn new(limits: Limits) -> Self {
        Self {
            schedule: Schedule::new(limits),
            refusals: Refusals::default(),
            known: HashMap::new(),
            recording: Vec::new(),
            record_under_way: false,
            record_after: Duration::ZERO,
            record_failures: 0,
            unsure: Vec::new(),
            recorded: VecDeque::new(),
            flying: HashMap::new(),
            finished: Vec::new(),
            line: Line::default(),
            commit_after: Duration::ZERO,
            commit_failures: 0,
            tells: VecDeque::new(),
            held_until: Duration::ZERO,
            stopping: false,
        }
    }

    pub(crate) fn next(&mut self, now: Now) -> Step {
        if let Some(waiting) = self.tells.pop_front() {
            return Step::Tell(waiting);
        }
        if let Some(step) = self.make() {
            return step;
        }
        if matches!(self.line, Line::Free) && !self.finished.is_empty() && now.at >= self.commit_after {
            let rest = self.finished.split_off(self.finished.len().min(BATCH));
            let batch = Arc::new(std::mem::replace(&mut self.finished, rest));
            self.line = Line::Committing(batch.clone());
            return Step::Commit(batch);
        }
        let wait = match self.record(now) {
            Ok(step) => return step,
            Err(wait) => wait,
        };
        let commit =
            (matches!(self.line, Line::Free) && !self.finished.is_empty()).then_some(self.commit_after);
        wait.into_iter().chain(commit).min().map_or(Step::Idle, Step::Wait)
    }

    fn make(&mut self) -> Option<Step> {
        let item = self.recorded.pop_front()?;
        self.tells.push_back(item.waiting(None));
        let step = Step::Make(Box::new(item.call.clone()), item.way);
        self.flying.insert(item.call.id, item);
        Some(step)
    }

    /// These wait in the database.
    pub(crate) fn queued(&mut self, calls: Vec<Call>, now: Now) {
        if self.stopping {
            return;
        }
        for call in calls {
            if self.known.get(&call.id).is_some_and(|attempt| *attempt >= call.attempt) {
                continue;
            }
            self.known.insert(call.id, call.attempt);
            let chat = call.user_id;
            let later =
                call.not_before.and_then(|time| Duration::try_from(time.duration_since(now.time)).ok());
            let item = Item::new(call);
            let waiting = item.waiting(None);
            self.schedule.add(item, now.at);
            if let Some(later) = later.filter(|later| !later.is_zero()) {
                self.schedule.freeze_chat(chat, now.at + later, now.at);
            }
            let free = self.schedule.free_at(chat).max(self.held_until);
            if free > now.at + LONG {
                self.tells.push_back(Waiting { until: now.time_of(free), ..waiting });
            }
        }
    }

    /// Nothing is begun any more. What was not made is put back where the next one finds it.
    pub(crate) fn stop(&mut self) {
        self.stopping = true;
        let begun = self.recorded.drain(..).chain(self.schedule.drain().filter(|item| item.begun));
        self.finished.extend(begun.map(Item::unmade));
    }

    /// After [`Self::stop`]: everything that was begun has an outcome, and it is recorded.
    pub(crate) fn ended(&self) -> bool {
        !self.record_under_way
            && !self.must_unrecord()
            && self.flying.is_empty()
            && self.finished.is_empty()
            && matches!(self.line, Line::Free)
    }

    /// No answer is waited for any more; says how many there were to come.
    pub(crate) fn cut_off(&mut self) -> usize {
        let calls = self.flying.len();
        self.flying.clear();
        calls
    }

    fn forget(&mut self, call: &Call) {
        if self.known.get(&call.id) == Some(&call.attempt) {
            self.known.remove(&call.id);
        }
    }
}
