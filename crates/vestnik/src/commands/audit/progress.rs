use std::time::{Duration, Instant};

use auditor::Progress;

const PERIOD: Duration = Duration::from_secs(1);

/// Tells on standard error how far the fold is, once a second.
pub(super) fn teller() -> impl FnMut(Progress) + Send {
    let mut last = None;
    move |progress| {
        let last = last.get_or_insert_with(Instant::now);
        if last.elapsed() >= PERIOD {
            *last = Instant::now();
            let per_second = rate(progress.events, progress.elapsed);
            eprintln!("{} of {}, {per_second} events/s", progress.position, progress.end);
        }
    }
}

pub(super) fn rate(events: u64, elapsed: Duration) -> u64 {
    let milliseconds = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX).max(1);
    events.saturating_mul(1_000) / milliseconds
}
