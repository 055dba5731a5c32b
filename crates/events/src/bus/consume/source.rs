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

/// The messages of a durable consumer, a batch at a time, without an end.
///
/// One pull is one batch: the broker waits until there is a message, sends what there is, and says that
/// this was all. So nothing is fetched ahead, where it would run out of its `ack_wait` unseen behind a
/// slow batch; nobody waits for company; and what comes while a batch is handled makes up the next one.
pub(super) struct Source<'b> {
    bus: &'b Bus,
    consumer: DurableConsumer,
    batch: usize,
    handle: Option<PullConsumer>,
    pull: Option<pull::Batch>,
    failures: u32,
}

/// How long the broker lets a pull wait for a first message. A broker that has restarted knows nothing of
/// the pulls before, so this is also how long it may take to notice.
const EXPIRES: Duration = Duration::from_secs(5);
/// By how much the end of a pull may be late before the broker is taken for gone.
const LATE: Duration = Duration::from_secs(1);
const REOPEN: Backoff = Backoff { first: Duration::from_millis(100), most: Duration::from_secs(5) };

impl<'b> Source<'b> {
    pub(super) const fn new(bus: &'b Bus, consumer: DurableConsumer, batch: usize) -> Self {
        Self { bus, consumer, batch, handle: None, pull: None, failures: 0 }
    }

    /// The next messages, at least one. `None` at shutdown.
    pub(super) async fn next(&mut self, shutdown: &CancellationToken) -> Option<Vec<Message>> {
        loop {
            let since = Instant::now();
            let first = tokio::select! {
                biased;
                () = shutdown.cancelled() => return None,
                first = self.first() => first,
            };
            match first {
                Ok(Some(first)) => {
                    self.failures = 0;
                    return Some(self.with_rest(first).await);
                }
                Ok(None) => {
                    // It has expired; or the broker has others to serve first, and says so at once.
                    self.pull = None;
                    if since.elapsed() < EXPIRES / 2 {
                        tokio::time::sleep(REOPEN.first).await;
                    }
                }
                Err(error) => {
                    (self.handle, self.pull) = (None, None);
                    self.failures += 1;
                    tracing::warn!(consumer = self.consumer.name, %error, "cannot pull; trying again");
                    tokio::select! {
                        () = shutdown.cancelled() => return None,
                        () = tokio::time::sleep(REOPEN.delay(self.failures)) => {}
                    }
                }
            }
        }
    }

    /// What still came after shutdown began, to be given back.
    pub(super) async fn drain(&mut self) -> Vec<Message> {
        let mut rest = Vec::new();
        let Some(mut pull) = self.pull.take() else { return rest };
        let deadline = Instant::now() + Duration::from_millis(20);
        while let Ok(Some(Ok(message))) = timeout_at(deadline, pull.next()).await {
            rest.push(message);
        }
        rest
    }

    /// Waits for a first message; `None` when the pull has expired. Dropped meanwhile, the pull stays open.
    async fn first(&mut self) -> Result<Option<Message>, Box<dyn std::error::Error + Send + Sync>> {
        if self.handle.is_none() {
            let handle =
                self.bus.jetstream.get_consumer_from_stream(self.consumer.name, subjects::EVENTS).await?;
            self.handle = Some(handle);
        }
        if let (Some(handle), None) = (&self.handle, &self.pull) {
            let pull = handle.fetch().max_messages(self.batch).expires(EXPIRES).messages().await?;
            self.pull = Some(pull);
        }
        let Some(pull) = &mut self.pull else { return Ok(None) };
        timeout_at(Instant::now() + EXPIRES + LATE, pull.next()).await?.transpose()
    }

    /// Takes the rest of the pull, which is on its way already.
    async fn with_rest(&mut self, first: Message) -> Vec<Message> {
        let mut batch = vec![first];
        let Some(mut pull) = self.pull.take() else { return batch };
        let deadline = Instant::now() + LATE;
        while let Ok(Some(Ok(message))) = timeout_at(deadline, pull.next()).await {
            batch.push(message);
        }
        batch
    }
}
