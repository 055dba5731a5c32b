use std::time::Duration;

/// Latencies of one run.
#[derive(Debug, Default)]
pub(super) struct Figures {
    /// Microseconds, unsorted.
    pub latencies: Vec<u32>,
    pub failures: u64,
    pub took: Duration,
}

impl Figures {
    pub(super) fn merge(&mut self, other: Self) {
        self.latencies.extend(other.latencies);
        self.failures += other.failures;
    }

    pub(super) fn note(&mut self, latency: Duration) {
        self.latencies.push(u32::try_from(latency.as_micros()).unwrap_or(u32::MAX));
    }

    pub(super) fn per_second(&self) -> f64 {
        self.latencies.len() as f64 / self.took.as_secs_f64()
    }

    /// Milliseconds.
    pub(super) fn percentile(&mut self, percent: f64) -> f64 {
        if self.latencies.is_empty() {
            return f64::NAN;
        }
        self.latencies.sort_unstable();
        let last = self.latencies.len() - 1;
        let index = (last as f64 * percent / 100.0).round() as usize;
        f64::from(self.latencies[index.min(last)]) / 1_000.0
    }

    pub(super) fn line(&mut self, what: &str) -> String {
        let (p50, p99) = (self.percentile(50.0), self.percentile(99.0));
        let mut line =
            format!("{what:<52} {:>8.0}/s   p50 {p50:>6.1} ms   p99 {p99:>6.1} ms", self.per_second());
        if self.failures > 0 {
            line = format!("{line}   {} FAILED", self.failures);
        }
        line
    }
}
