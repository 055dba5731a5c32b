//! The log, read without gap or repeat for as long as one likes.

use std::{sync::atomic::Ordering, time::Duration};

use anyhow::{Context as _, bail};
use events::{
    Bus, Service,
    bus::{LogMessage, Tail, TailError, TailStart},
    subjects,
};
use jiff::Timestamp;
use tokio::time::{Instant, MissedTickBehavior};

/// How often it is looked whether the connection has been replaced.
const LOOK: Duration = Duration::from_millis(250);
const REOPEN: Duration = Duration::from_millis(250);
/// A mirror hears from its origin every few seconds, even when nothing happens.
const MIRROR_SILENCE: Duration = Duration::from_secs(60);
const MIRROR_PATIENCE: Duration = Duration::from_secs(10);

/// Reads from a sequence on, and goes on where it stood when the broker comes back.
#[derive(Debug)]
pub(crate) struct Reader {
    bus: Bus,
    filters: Vec<String>,
    next: u64,
    tail: Option<Tail>,
    connects: u64,
    look: tokio::time::Interval,
}

impl Reader {
    pub(crate) async fn open(bus: &Bus, filters: Vec<String>, first: u64) -> anyhow::Result<Self> {
        let mut look = tokio::time::interval(LOOK);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut reader =
            Self { bus: bus.clone(), filters, next: first.max(1), tail: None, connects: connects(bus), look };
        reader.tail = Some(open(bus, &reader.filters, reader.next).await.with_context(|| missing(bus))?);
        Ok(reader)
    }

    /// The next event. Waits for it as long as it takes; may be dropped while it waits.
    pub(crate) async fn next(&mut self) -> LogMessage {
        loop {
            let Some(tail) = &mut self.tail else {
                self.connects = connects(&self.bus);
                match open(&self.bus, &self.filters, self.next).await {
                    Ok(tail) => self.tail = Some(tail),
                    Err(error) => {
                        tracing::debug!(%error, next = self.next, "the log is away");
                        tokio::time::sleep(REOPEN).await;
                    }
                }
                continue;
            };
            tokio::select! {
                biased;
                message = tail.next() => match message {
                    // After a reopening of its own the client may begin before what it has handed out.
                    Some(Ok(message)) if message.sequence < self.next => {}
                    Some(Ok(message)) => {
                        self.next = message.sequence + 1;
                        return message;
                    }
                    Some(Err(error)) => {
                        tracing::debug!(%error, next = self.next, "the log broke off");
                        self.tail = None;
                        tokio::time::sleep(REOPEN).await;
                    }
                    None => {
                        self.tail = None;
                        tokio::time::sleep(REOPEN).await;
                    }
                },
                // What was asked of the old connection is not answered on the new one.
                _ = self.look.tick() => if connects(&self.bus) != self.connects && self.bus.is_connected() {
                    self.tail = None;
                },
            }
        }
    }
}

async fn open(bus: &Bus, filters: &[String], first: u64) -> Result<Tail, TailError> {
    let filters: Vec<&str> = filters.iter().map(String::as_str).collect();
    bus.tail(&filters, TailStart::Sequence(first)).await
}

fn connects(bus: &Bus) -> u64 {
    bus.core().statistics().connects.load(Ordering::Relaxed)
}

/// The sequence of the newest event, 0 when there is none. The auditor's mirror must be up to date.
pub(crate) async fn end(bus: &Bus) -> anyhow::Result<u64> {
    if bus.service() != Service::Auditor {
        return bus.last_sequence().await.with_context(|| missing(bus));
    }
    let started = Instant::now();
    loop {
        let stream = bus.jetstream().get_stream(subjects::AUDIT).await.with_context(|| missing(bus))?;
        let info = stream.cached_info();
        let Some(mirror) = &info.mirror else { bail!("the stream AUDIT is no mirror of the log") };
        if mirror.lag == 0 && mirror.active.is_some_and(|silence| silence < MIRROR_SILENCE) {
            return Ok(info.state.last_sequence);
        }
        if started.elapsed() > MIRROR_PATIENCE {
            bail!("the mirror AUDIT does not follow the log: it lacks {} events", mirror.lag);
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

fn missing(bus: &Bus) -> &'static str {
    if bus.service() == Service::Auditor {
        "the broker shows the auditor no mirror AUDIT of the log; a broker that is not configured by \
         nats.conf has none, read its stream EVENTS instead (--log events)"
    } else {
        "the broker shows no log (stream EVENTS)"
    }
}

/// The sequence of the first event that the broker stored at `time` or later; one past the end if there
/// is none. Sequences grow with the time of storing, so it is searched by halves.
pub(crate) async fn first_since(bus: &Bus, time: Timestamp) -> anyhow::Result<u64> {
    let (mut low, mut high) = (1, end(bus).await? + 1);
    while low < high {
        let middle = low + (high - low) / 2;
        let message = Reader::open(bus, Vec::new(), middle).await?.next().await;
        if message.stored < time {
            low = message.sequence + 1;
        } else {
            high = middle;
        }
    }
    Ok(low)
}
