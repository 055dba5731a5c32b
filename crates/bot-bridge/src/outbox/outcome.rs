//! Outcomes: what becomes of a call that was answered, and of the next ones of its chat.

use std::{sync::Arc, time::Duration};

use events::bus::retry::Backoff;
use uuid::Uuid;

use super::{
    Line, Now, Outbox, RECORD,
    item::{End, Finished, Item},
    schedule::Placed as _,
    verdict::Verdict,
};

/// Between tries of a call that only its own chat waits for.
const AGAIN: Backoff = Backoff { first: Duration::from_millis(500), most: Duration::from_secs(60) };
/// Tries of a change that may be repeated and gets no answer.
const TRIES: u32 = 5;
/// Tries of a call whose file cannot be read: about a quarter of an hour.
const LATER: u32 = 20;

impl Outbox {
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
                let whole = self.refusals.add(item.chat(), now.at, until);
                if let Some(whole) = whole {
                    tracing::warn!(?retry_after, "several chats at once were refused; the bot waits");
                    self.hold(whole, now);
                    until = until.max(whole);
                }
                self.back(&item, "busy", until, whole.is_some(), now)
            }
            Verdict::NotSent { reason } => {
                item.tries = 0;
                let delay = self.refusals.unreachable();
                tracing::warn!(reason, ?delay, "Telegram cannot be reached; nothing was sent");
                self.hold(now.at + delay, now);
                self.back(&item, "not_sent", now.at + delay, false, now)
            }
            Verdict::Later { reason } if item.tries >= LATER => {
                End::Failed { code: "rejected", reason, blocked: false }
            }
            Verdict::Later { reason } => {
                let delay = AGAIN.ceiling(item.tries);
                tracing::warn!(reason, ?delay, message_id = %item.call.message_id, "nothing was sent yet");
                self.back(&item, "not_sent", now.at + delay, false, now)
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

    fn back(&mut self, item: &Item, why: &'static str, until: Duration, whole_bot: bool, now: Now) -> End {
        let not_before = now.time_of(until);
        self.tells.push_back(item.waiting(not_before));
        End::Back { why, until, not_before, whole_bot }
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
}
