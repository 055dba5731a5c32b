use std::time::Duration;

/// How often something may happen: a generic cell rate algorithm (ITU-T I.371), which keeps one number.
/// In any stretch of time `t` it admits at most `burst + t × rate`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pace {
    interval: Duration,
    /// How far ahead of its rate it may be: the interval times (burst − 1).
    tolerance: Duration,
    /// When it will have made up for everything so far.
    even: Duration,
}

/// Faster than this is as fast as possible.
const FASTEST: f64 = 1e6;
/// Slower than this is not meant.
const SLOWEST: f64 = 1e-3;

impl Pace {
    pub(super) fn new(rate: f64, burst: u32) -> Self {
        let rate = if rate.is_nan() { SLOWEST } else { rate.clamp(SLOWEST, FASTEST) };
        let interval = Duration::from_secs_f64(1.0 / rate);
        Self { interval, tolerance: interval * burst.max(1).saturating_sub(1), even: Duration::ZERO }
    }

    /// At most `rate` in any second: what a burst may be ahead is taken off the rate.
    pub(super) fn of_bot(rate: f64) -> Self {
        if rate < 10.0 {
            return Self::new(rate, 1);
        }
        let burst = (rate / 10.0).floor().min(FASTEST);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 1 and a million"
        )]
        Self::new(rate - burst, burst as u32)
    }

    /// When the next one is allowed.
    pub(super) fn free_at(&self) -> Duration {
        self.even.saturating_sub(self.tolerance)
    }

    /// From when on it is as if nothing had ever happened.
    pub(super) fn rested_at(&self) -> Duration {
        self.even
    }

    pub(super) fn take(&mut self, now: Duration) {
        self.even = self.even.max(now) + self.interval;
    }

    /// Nothing before `until`, and no burst right after it.
    pub(super) fn freeze(&mut self, until: Duration) {
        self.even = self.even.max(until + self.tolerance);
    }
}
