//! The log for people and programs: which events, from where, and how they are shown.

pub(crate) mod render;
mod select;

use events::{Bus, bus::LogMessage};
use jiff::Timestamp;

pub use select::Select;

use crate::log::{self, Reader};

/// Where a tail begins.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Start {
    #[default]
    Beginning,
    Sequence(u64),
    /// With what the broker stored at this time or later.
    Since(Timestamp),
    /// With what comes from now on.
    Now,
}

/// What a tail shows.
#[derive(Debug, Clone, Default)]
pub struct TailOptions {
    pub select: Select,
    pub start: Start,
    /// Wait for more at the end of the log.
    pub follow: bool,
}

/// The chosen events of the log, in order, each once, across restarts of the broker.
#[derive(Debug)]
pub struct Tail {
    reader: Option<Reader>,
    select: Select,
    /// The last sequence, unless it follows.
    end: Option<u64>,
}

impl Tail {
    /// # Errors
    /// When the log cannot be read with this connection.
    pub async fn open(bus: &Bus, options: TailOptions) -> anyhow::Result<Self> {
        let end = log::end(bus).await?;
        let first = match options.start {
            Start::Beginning => 1,
            Start::Sequence(sequence) => sequence.max(1),
            Start::Since(time) => log::first_since(bus, time).await?,
            Start::Now => end + 1,
        };
        let reader = if options.follow || first <= end {
            // The reader waits for a message that matches, so the last one is looked for without filter.
            let filters = if options.follow { options.select.filters() } else { Vec::new() };
            Some(Reader::open(bus, filters, first).await?)
        } else {
            None
        };
        Ok(Self { reader, select: options.select, end: (!options.follow).then_some(end) })
    }

    /// The next chosen event; `None` at the end of the log, unless it follows. May be dropped while it
    /// waits.
    pub async fn next(&mut self) -> Option<LogMessage> {
        loop {
            let message = self.reader.as_mut()?.next().await;
            if self.end.is_some_and(|end| message.sequence >= end) {
                self.reader = None;
            }
            if self.end.is_some_and(|end| message.sequence > end) {
                return None;
            }
            if self.select.takes(&message) {
                return Some(message);
            }
        }
    }
}
