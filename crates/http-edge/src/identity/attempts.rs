use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// Wrong passwords per phone: after ten in five minutes even the right one is not looked at, for the rest
/// of them. Kept per instance of the edge.
#[derive(Debug, Default)]
pub(crate) struct Attempts {
    failures: Mutex<HashMap<String, (u32, Instant)>>,
}

const ALLOWED: u32 = 10;
const WINDOW: Duration = Duration::from_secs(300);
const MOST: usize = 10_000;

impl Attempts {
    /// How long to wait before the next attempt, if there were too many.
    pub(crate) fn wait(&self, phone: &str) -> Option<Duration> {
        let failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        let (count, since) = failures.get(phone)?;
        let left = WINDOW.checked_sub(since.elapsed())?;
        (*count >= ALLOWED).then_some(left)
    }

    /// Notes a wrong password.
    pub(crate) fn failed(&self, phone: &str) {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        if failures.len() >= MOST {
            failures.retain(|_, (_, since)| since.elapsed() < WINDOW);
            if failures.len() >= MOST {
                failures.clear();
            }
        }
        let entry = failures.entry(phone.to_owned()).or_insert((0, Instant::now()));
        if entry.1.elapsed() >= WINDOW {
            *entry = (0, Instant::now());
        }
        entry.0 += 1;
    }

    /// The right password: what was wrong before is forgotten.
    pub(crate) fn succeeded(&self, phone: &str) {
        self.failures.lock().unwrap_or_else(PoisonError::into_inner).remove(phone);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_wrong_passwords_are_enough_and_another_phone_is_not_harmed() {
        let attempts = Attempts::default();
        for _ in 0..10 {
            assert!(attempts.wait("+79241242417").is_none());
            attempts.failed("+79241242417");
        }
        assert!(attempts.wait("+79241242417").is_some());
        assert!(attempts.wait("+79241242418").is_none());
        attempts.succeeded("+79241242417");
        assert!(attempts.wait("+79241242417").is_none());
    }
}
