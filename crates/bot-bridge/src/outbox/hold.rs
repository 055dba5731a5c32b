//! Pauses of the whole bot.

use std::time::Duration;

use jiff::Timestamp;

use super::{LONG, Now, Outbox, Waiting, schedule::Placed as _};

impl Outbox {
    /// Telegram wanted nothing of the bot before this, as a predecessor has heard.
    pub(crate) fn paused(&mut self, until: Timestamp, now: Now) {
        if let Ok(left) = Duration::try_from(until.duration_since(now.time)) {
            self.hold(now.at + left, now);
        }
    }

    /// Nothing is sent before `until`, and everybody who waits is told so; once, not at each of many refusals.
    pub(super) fn hold(&mut self, until: Duration, now: Now) {
        self.schedule.freeze_bot(until);
        if until <= self.held_until.max(now.at) + LONG {
            return;
        }
        self.held_until = until;
        let schedule = &self.schedule;
        let tells = schedule.all().map(|item| {
            let until = until.max(schedule.free_at(item.chat()));
            Waiting { until: now.time_of(until), ..item.waiting(None) }
        });
        self.tells.extend(tells);
    }
}
