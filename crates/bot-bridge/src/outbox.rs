//! What a sender does next, without doing it: told what was queued, recorded, answered and committed, and
//! what time it is, it says which attempts to record, which call to make, which outcomes to record, and how
//! long nothing is to do. It knows no Telegram, no database and no clock.
//!
//! A call goes through: queued → attempt recorded → made → answered → outcome recorded. Whatever ends in
//! between leaves a row that says how far it came.

mod facts;
mod item;
#[cfg(test)]
mod model;
mod schedule;
mod scope;
mod step;
mod verdict;

use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::Arc,
    time::Duration,
};

use events::bus::retry::Backoff;
use store::calls::Call;
use uuid::Uuid;

pub(crate) use facts::{count, facts, failed, given_up, sorted};
pub(crate) use item::{End, Finished, Way};
pub(crate) use schedule::Limits;
pub(crate) use step::{Now, Step, Waiting};
pub(crate) use verdict::{Answer, Remembered, Verdict, judge, not_sent};

use item::Item;
use schedule::{Next, Placed as _, Schedule};
use scope::Refusals;

/// Attempts or outcomes recorded in one transaction, at the most.
const BATCH: usize = 256;
/// Between tries of a transaction.
const RECORD: Backoff = Backoff { first: Duration::from_millis(100), most: Duration::from_secs(5) };
/// Between tries of a call that only its own chat waits for.
const AGAIN: Backoff = Backoff { first: Duration::from_millis(500), most: Duration::from_secs(60) };
/// Tries of a change that may be repeated and gets no answer.
const TRIES: u32 = 5;
/// Tries of a call whose file cannot be read: about a quarter of an hour.
const LATER: u32 = 20;
/// Tries of putting right what may be recorded, when nothing is begun any more.
const LAST_TRIES: u32 = 15;
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

    /// The attempts that may be made now, to be recorded; or when there may be some.
    fn record(&mut self, now: Now) -> Result<Step, Option<Duration>> {
        if self.record_under_way {
            return Err(None);
        }
        if self.stopping {
            return self.unrecord(now);
        }
        let wait = loop {
            match self.schedule.next(now.at) {
                // Recorded before, and refused without anything having been sent.
                Next::Send(item) if item.begun => self.recorded.push_back(item),
                Next::Send(item) => self.recording.push(item),
                Next::Wait(until) => break Some(until),
                Next::Idle => break None,
            }
            if self.recording.len() + self.recorded.len() >= BATCH {
                break Some(now.at);
            }
        };
        if !self.recording.is_empty() {
            self.record_under_way = true;
            let attempts = self.recording.iter().map(|item| (item.call.id, item.call.attempt)).collect();
            return Ok(Step::Record { attempts, unsure: self.unsure.clone() });
        }
        self.make().ok_or(wait)
    }

    /// What may be recorded although it was not made would be unknown to the next one.
    fn unrecord(&mut self, now: Now) -> Result<Step, Option<Duration>> {
        if !self.must_unrecord() {
            return Err(None);
        }
        if now.at < self.record_after {
            return Err(Some(self.record_after));
        }
        self.record_under_way = true;
        Ok(Step::Record { attempts: Vec::new(), unsure: self.unsure.clone() })
    }

    fn must_unrecord(&self) -> bool {
        !self.unsure.is_empty() && self.record_failures < LAST_TRIES
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
            let free = self.schedule.free_at(chat);
            if free > now.at + LONG {
                self.tells.push_back(Waiting { until: now.time_of(free), ..waiting });
            }
        }
    }

    /// The attempts are recorded that these calls are of. The others are another's, or were long ago.
    pub(crate) fn recorded(&mut self, begun: &HashSet<Uuid>, now: Now) {
        self.record_under_way = false;
        self.unsure.clear();
        self.record_failures = 0;
        for mut item in std::mem::take(&mut self.recording) {
            if !begun.contains(&item.call.id) {
                self.forget(&item.call);
                self.schedule.done(item.chat(), now.at);
            } else if self.stopping {
                self.finished.push(item.unmade());
            } else {
                item.begun = true;
                self.recorded.push_back(item);
            }
        }
    }

    /// Whether the attempts are recorded is not known; the calls are not made.
    pub(crate) fn not_recorded(&mut self, now: Now) {
        self.record_under_way = false;
        self.record_failures += 1;
        let until = now.at + RECORD.ceiling(self.record_failures);
        self.record_after = until;
        for item in std::mem::take(&mut self.recording) {
            self.unsure.push((item.call.id, item.call.attempt));
            self.schedule.put_back(item, until, now.at);
        }
        self.schedule.freeze_bot(until);
    }

    /// What the call has come to.
    pub(crate) fn answered(&mut self, id: Uuid, verdict: Verdict, now: Now) {
        let Some(mut item) = self.flying.remove(&id) else { return };
        if !matches!(verdict, Verdict::NotSent { .. } | Verdict::Later { .. }) {
            self.refusals.reached();
        }
        item.tries += 1;
        let end = match verdict {
            Verdict::Sent(answer) => End::Sent(answer),
            Verdict::Failed { code, reason, blocked } => End::Failed { code, reason, blocked },
            Verdict::Refused { instead, reason } => match item.instead(instead) {
                Some(way) => {
                    item.way = way;
                    return self.repeat(item, now.at, now);
                }
                None => End::Failed { code: "rejected", reason, blocked: false },
            },
            Verdict::Unknown { reason } if !item.call.task.repeatable() => End::Unknown { reason },
            Verdict::Unknown { reason } if item.tries >= TRIES => {
                End::Failed { code: "timed_out", reason, blocked: false }
            }
            Verdict::Unknown { .. } => {
                let until = now.at + AGAIN.ceiling(item.tries);
                return self.repeat(item, until, now);
            }
            Verdict::Busy { retry_after } => {
                item.tries = 0;
                let mut until = now.at + retry_after;
                if let Some(whole) = self.refusals.add(item.chat(), now.at, until) {
                    tracing::warn!(?retry_after, "several chats at once were refused; the bot waits");
                    self.schedule.freeze_bot(whole);
                    until = until.max(whole);
                }
                self.back(&item, "busy", until, now)
            }
            Verdict::NotSent { reason } => {
                item.tries = 0;
                let delay = self.refusals.unreachable();
                tracing::warn!(reason, ?delay, "Telegram cannot be reached; nothing was sent");
                self.schedule.freeze_bot(now.at + delay);
                self.back(&item, "not_sent", now.at + delay, now)
            }
            Verdict::Later { reason } if item.tries >= LATER => {
                End::Failed { code: "rejected", reason, blocked: false }
            }
            Verdict::Later { reason } => {
                let delay = AGAIN.ceiling(item.tries);
                tracing::warn!(reason, ?delay, message_id = %item.call.message_id, "nothing was sent yet");
                self.back(&item, "not_sent", now.at + delay, now)
            }
        };
        self.finished.push(Finished { item, end });
    }

    /// Nothing was sent, or a second time does no harm: under the same attempt, in its turn.
    fn repeat(&mut self, item: Item, until: Duration, now: Now) {
        if self.stopping {
            self.finished.push(item.unmade());
        } else {
            self.schedule.put_back(item, until, now.at);
        }
    }

    fn back(&mut self, item: &Item, why: &'static str, until: Duration, now: Now) -> End {
        let not_before = now.time_of(until);
        self.tells.push_back(item.waiting(not_before));
        End::Back { why, until, not_before }
    }

    /// The outcomes are recorded: what has ended makes room for the next of its chat.
    pub(crate) fn committed(&mut self, now: Now) {
        self.commit_failures = 0;
        let Line::Committing(batch) = std::mem::replace(&mut self.line, Line::Publishing) else { return };
        for Finished { item, end } in &*batch {
            if let End::Back { until, .. } = end
                && !self.stopping
            {
                let item = Item { begun: false, ..item.clone() };
                self.schedule.put_back(item, *until, now.at);
            } else {
                self.forget(&item.call);
                self.schedule.done(item.chat(), now.at);
            }
        }
    }

    /// The next outcomes may be recorded.
    pub(crate) fn published(&mut self) {
        self.line = Line::Free;
    }

    /// Whether the outcomes are recorded is not known; recording them again does no harm.
    pub(crate) fn not_committed(&mut self, now: Now) {
        self.commit_failures += 1;
        let delay = if self.stopping { RECORD.first } else { RECORD.ceiling(self.commit_failures) };
        self.commit_after = now.at + delay;
        if let Line::Committing(batch) = std::mem::take(&mut self.line) {
            let batch = Arc::try_unwrap(batch).unwrap_or_else(|shared| (*shared).clone());
            self.finished.splice(0..0, batch);
        }
    }

    /// Tries of recording the same outcomes that have failed.
    pub(crate) const fn commit_failures(&self) -> u32 {
        self.commit_failures
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
