use std::time::{Duration, Instant};

use super::Who;

/// What was wrong lately, of one account, network or both.
#[derive(Debug)]
pub(super) struct Count {
    failures: u32,
    /// When the last failure began.
    last: Instant,
    /// When half of them was forgotten last.
    halved: Instant,
    /// Attempts whose end is not known yet count as failures.
    under_way: u32,
    begun: Instant,
    promises: Vec<Promise>,
}

/// That somebody who was told to wait is not told again once that wait is over.
#[derive(Debug)]
struct Promise {
    to: Who,
    due: Instant,
}

/// How much is free, and for how long it is remembered.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rule {
    /// Failures that cost nothing.
    pub(super) free: u32,
    /// After so long half of the failures is forgotten.
    pub(super) half_life: Duration,
    /// Promises given at a time: what many askers may try beside the waits in five minutes.
    pub(super) promises: usize,
}

const FIRST_WAIT: Duration = Duration::from_secs(1);
pub(super) const LONGEST_WAIT: Duration = Duration::from_secs(300);
/// After this long without a failure all are forgotten.
pub(super) const FORGET: Duration = Duration::from_secs(3_600);
/// A promise that nobody has come back for makes room for another.
const KEPT: Duration = LONGEST_WAIT;

impl Count {
    pub(super) const fn new(now: Instant) -> Self {
        Self { failures: 0, last: now, halved: now, under_way: 0, begun: now, promises: Vec::new() }
    }

    /// How long `who` has to wait: as long as everybody, or what is left of what they were told when they
    /// asked first, whatever others have done meanwhile.
    pub(super) fn wait(&mut self, who: &Who, rule: Rule, now: Instant) -> Option<Duration> {
        self.age(rule.half_life, now);
        let wait = self.wait_of_all(rule.free, now)?;
        self.promises.retain(|promise| now < promise.due + KEPT);
        match self.promises.iter().find(|promise| promise.to == *who) {
            Some(promise) => promise
                .due
                .checked_duration_since(now)
                .filter(|left| !left.is_zero())
                .map(|left| left.min(wait)),
            None => {
                if self.promises.len() < rule.promises {
                    self.promises.push(Promise { to: who.clone(), due: now + wait });
                }
                Some(wait)
            }
        }
    }

    fn wait_of_all(&self, free: u32, now: Instant) -> Option<Duration> {
        let beyond = self.weight().checked_sub(free)?;
        let last = if self.under_way > 0 { self.begun.max(self.last) } else { self.last };
        let whole = FIRST_WAIT.saturating_mul(1 << beyond.min(16)).min(LONGEST_WAIT);
        whole.checked_sub(now.duration_since(last)).filter(|left| !left.is_zero())
    }

    pub(super) fn begin(&mut self, who: &Who, now: Instant) {
        self.promises.retain(|promise| promise.to != *who);
        self.under_way += 1;
        self.begun = now;
    }

    pub(super) fn failed(&mut self, begun: Instant) {
        self.take_back();
        self.failures = self.failures.saturating_add(1);
        self.last = self.last.max(begun);
    }

    /// The attempt was none: its wait is taken back with it.
    pub(super) const fn take_back(&mut self) {
        self.under_way = self.under_way.saturating_sub(1);
    }

    pub(super) const fn forgive(&mut self) {
        self.failures = 0;
    }

    pub(super) const fn weight(&self) -> u32 {
        self.failures.saturating_add(self.under_way)
    }

    pub(super) fn is_over(&self, now: Instant) -> bool {
        self.weight() == 0 || (self.under_way == 0 && now.duration_since(self.last) >= FORGET)
    }

    /// Failures fade whether others come or not: what a whole office mistypes in a week is no attack.
    fn age(&mut self, half_life: Duration, now: Instant) {
        let passed = now.duration_since(self.halved).as_secs();
        let times = passed / half_life.as_secs();
        if times > 0 {
            let times = u32::try_from(times).unwrap_or(u32::MAX);
            self.failures = self.failures.checked_shr(times).unwrap_or(0);
            // The rest counts towards the next time.
            self.halved = now - Duration::from_secs(passed % half_life.as_secs());
        }
        if now.duration_since(self.last) >= FORGET {
            self.failures = 0;
        }
    }
}
