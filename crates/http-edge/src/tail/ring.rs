use std::{collections::VecDeque, sync::Arc};

use events::Recorded;

/// The newest events, bounded in number and bytes.
#[derive(Debug)]
pub(super) struct Ring {
    events: VecDeque<(u64, Arc<Recorded>, usize)>,
    bytes: usize,
    /// Everything after this sequence is here.
    complete_after: u64,
}

const MOST: usize = 10_000;
const MOST_BYTES: usize = 8 * 1024 * 1024;

impl Ring {
    pub(super) const fn after(sequence: u64) -> Self {
        Self { events: VecDeque::new(), bytes: 0, complete_after: sequence }
    }

    pub(super) fn push(&mut self, sequence: u64, event: Arc<Recorded>, size: usize) {
        self.events.push_back((sequence, event, size));
        self.bytes += size;
        while self.events.len() > MOST || self.bytes > MOST_BYTES {
            let Some((sequence, _, size)) = self.events.pop_front() else { break };
            self.bytes -= size;
            self.complete_after = sequence;
        }
    }

    /// Everything after this sequence; `None` when some of it is gone.
    pub(super) fn after_sequence(&self, after: u64) -> Option<Vec<Arc<Recorded>>> {
        if after < self.complete_after {
            return None;
        }
        let first = self.events.partition_point(|(sequence, ..)| *sequence <= after);
        Some(self.events.range(first..).map(|(_, event, _)| Arc::clone(event)).collect())
    }

    /// What is kept of everything after `after` and up to `until`.
    pub(super) fn between(&self, after: u64, until: u64) -> impl Iterator<Item = &Arc<Recorded>> {
        let from = self.events.partition_point(|(sequence, ..)| *sequence <= after);
        let to = self.events.partition_point(|(sequence, ..)| *sequence <= until);
        self.events.range(from..to.max(from)).map(|(_, event, _)| event)
    }

    /// From the newest back.
    pub(super) fn newest(&self) -> impl Iterator<Item = (u64, &Recorded)> {
        self.events.iter().rev().map(|(sequence, event, _)| (*sequence, &**event))
    }
}
