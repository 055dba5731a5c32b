//! How long to wait before trying again.

use std::time::Duration;

use rand::Rng as _;

/// Growing delays with jitter: `first`, then twice as long each time, never above `most`.
#[derive(Debug, Clone, Copy)]
pub struct Backoff {
    pub first: Duration,
    pub most: Duration,
}

impl Backoff {
    /// The delay after the given failed attempt, counted from 1. Jitter takes away up to a half, so that
    /// what failed together does not come back together.
    #[must_use]
    pub fn delay(&self, attempt: u32) -> Duration {
        let whole = self.ceiling(attempt);
        let half = whole / 2;
        half + half.mul_f64(rand::rng().random::<f64>())
    }

    /// The longest that [`Self::delay`] may be: for whoever is alone in trying, or must do the same each time.
    #[must_use]
    pub fn ceiling(&self, attempt: u32) -> Duration {
        let doublings = attempt.saturating_sub(1).min(20);
        self.first.saturating_mul(1 << doublings).min(self.most)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_delay_grows_and_stays_within_its_bounds(attempt in 1u32..200) {
            let backoff = Backoff { first: Duration::from_millis(500), most: Duration::from_secs(60) };
            let delay = backoff.delay(attempt);
            prop_assert!(delay >= Duration::from_millis(250));
            prop_assert!(delay <= Duration::from_secs(60));
            prop_assert!(backoff.ceiling(attempt + 1) >= backoff.ceiling(attempt));
        }
    }
}
