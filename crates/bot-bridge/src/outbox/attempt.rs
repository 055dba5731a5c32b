//! Attempts: what may be made now is recorded first, and what may be recorded but was not made is put right.

use std::time::Duration;

use store::calls::Begun;

use super::{
    BATCH, End, Finished, Now, Outbox, RECORD, Step,
    schedule::{Next, Placed as _},
};

/// Tries of putting right what may be recorded, when nothing is begun any more.
const LAST_TRIES: u32 = 15;

impl Outbox {
    /// The attempts that may be made now, to be recorded; or when there may be some.
    pub(super) fn record(&mut self, now: Now) -> Result<Step, Option<Duration>> {
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

    pub(super) fn must_unrecord(&self) -> bool {
        !self.unsure.is_empty() && self.record_failures < LAST_TRIES
    }

    /// These attempts are recorded. The others are another's, or were long ago.
    pub(crate) fn recorded(&mut self, begun: &Begun, now: Now) {
        self.record_under_way = false;
        self.unsure.clear();
        self.record_failures = 0;
        for mut item in std::mem::take(&mut self.recording) {
            if begun.banned.contains(&item.call.id) {
                let reason = "the person is banned".to_owned();
                self.finished
                    .push(Finished { item, end: End::Failed { code: "banned", reason, blocked: false } });
            } else if !begun.may.contains(&item.call.id) {
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
}
