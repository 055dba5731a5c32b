use super::{LogEvent, Meta};

/// An event with its metadata, as a handler or a replay sees it.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// The sequence in the stream `EVENTS`; `None` for a fact that has not been published yet.
    pub position: Option<u64>,
    pub meta: Meta,
    pub event: LogEvent,
}
