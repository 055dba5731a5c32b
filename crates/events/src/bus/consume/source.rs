use std::time::Duration;

use async_nats::jetstream::{
    Message,
    consumer::{PullConsumer, pull},
};
use futures::StreamExt as _;
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;

use super::super::{Bus, retry::Backoff};
use crate::subjects::{self, DurableConsumer};

/// The messages of a durable consumer, without an end: when the stream ends or stalls it is opened again.
///
/// Nothing is fetched ahead. A message that waits here unseen would run out of its `ack_wait` behind a
/// slow batch, and another instance could have had it.
pub(super) struct Source<'b> {
    bus: &'b Bus,
    consumer: DurableConsumer,
    batch: usize,
    open: Option<Open>,
    failures: u32,
}

struct Open {
    consumer: PullConsumer,
    /// Asks for one message at a time.
    first: pull::Stream,
}

const REOPEN: Backoff = Backoff { first: Duration::from_millis(100), most: Duration::from_secs(5) };
/// Two missed heartbeats are an error of the stream: the consumer has stalled.
const HEARTBEAT: Duration = Duration::from_secs(3);
/// Longer than a batch takes: the client asks again by itself when this is over, wanted or not.
const EXPIRES: Duration = Duration::from_secs(3_600);
/// By how much the end of a pull may be late before the broker is taken for gone.
const LATE: Duration = Duration::from_secs(1);

impl<'b> Source<'b> {
    pub(super) const fn new(bus: &'b Bus, consumer: DurableConsumer, batch: usize) -> Self {
        Self { bus, consumer, batch, open: None, failures: 0 }
    }

    /// The next messages: the first whenever it comes, then whatever comes within `linger`.
    /// `None` at shutdown.
    pub(super) async fn next(
        &mut self,
        linger: Duration,
        shutdown: &CancellationToken,
    ) -> Option<Vec<Message>> {
        let first = loop {
            tokio::select! {
                biased;
                () = shutdown.cancelled() => return None,
                first = self.first() => if let Some(first) = first { break first },
            }
        };
        let mut batch = Vec::with_capacity(self.batch);
        batch.push(first);
        self.fill(&mut batch, linger).await;
        Some(batch)
    }

    /// What still came after shutdown began, to be given back.
    pub(super) async fn drain(&mut self) -> Vec<Message> {
        let mut rest = Vec::new();
        let deadline = Instant::now() + Duration::from_millis(20);
        while let Ok(Some(message)) = timeout_at(deadline, self.ready()).await {
            rest.push(message);
        }
        self.open = None;
        rest
    }

    /// Opens the stream if need be; `None` when it has to be tried again.
    async fn first(&mut self) -> Option<Message> {
        if self.open.is_none() {
            match self.open().await {
                Ok(open) => self.open = Some(open),
                Err(error) => {
                    self.failures += 1;
                    tracing::warn!(consumer = self.consumer.name, %error, "cannot pull; trying again");
                    tokio::time::sleep(REOPEN.delay(self.failures)).await;
                    return None;
                }
            }
        }
        let message = self.ready().await;
        if message.is_some() {
            self.failures = 0;
        } else {
            self.failures += 1;
            tokio::time::sleep(REOPEN.delay(self.failures)).await;
        }
        message
    }

    async fn ready(&mut self) -> Option<Message> {
        match self.open.as_mut()?.first.next().await {
            Some(Ok(message)) => Some(message),
            Some(Err(error)) => {
                tracing::warn!(consumer = self.consumer.name, %error, "the pull ended; opening it again");
                self.open = None;
                None
            }
            None => {
                self.open = None;
                None
            }
        }
    }

    /// Takes what else is there. The broker ends this pull itself, so nothing is left on its way here.
    async fn fill(&self, batch: &mut Vec<Message>, linger: Duration) {
        let missing = self.batch - batch.len();
        let Some(open) = self.open.as_ref().filter(|_| missing > 0) else { return };
        let pull = open.consumer.batch().max_messages(missing).expires(linger.max(Duration::from_millis(1)));
        let Ok(mut messages) = pull.messages().await else { return };
        let deadline = Instant::now() + linger + LATE;
        while let Ok(Some(Ok(message))) = timeout_at(deadline, messages.next()).await {
            batch.push(message);
        }
    }

    async fn open(&self) -> Result<Open, Box<dyn std::error::Error + Send + Sync>> {
        let consumer: PullConsumer =
            self.bus.jetstream.get_consumer_from_stream(self.consumer.name, subjects::EVENTS).await?;
        let first = consumer
            .stream()
            .max_messages_per_batch(1)
            .expires(EXPIRES)
            .heartbeat(HEARTBEAT)
            .messages()
            .await?;
        Ok(Open { consumer, first })
    }
}
