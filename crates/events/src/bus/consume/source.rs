use std::time::Duration;

use async_nats::jetstream::{
    Message,
    consumer::{PullConsumer, pull},
};
use futures::StreamExt as _;
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;

use super::{
    super::{Bus, retry::Backoff},
    BoxedError,
};
use crate::subjects::{self, DurableConsumer};

/// The messages of a durable consumer, a batch at a time, without an end.
///
/// One pull is one batch: the broker waits until there is a message, sends what there is, and says that
/// this was all. So nothing is fetched ahead, where it would run out of its `ack_wait` unseen behind a
/// slow batch; nobody waits for company; and what comes while a batch is handled makes up the next one.
pub(super) struct Source<'b> {
    lanes: [Pulled<'b>; 2],
    failures: u32,
}

/// One lane of the consumer.
struct Pulled<'b> {
    bus: &'b Bus,
    name: String,
    batch: usize,
    handle: Option<PullConsumer>,
    pull: Option<pull::Batch>,
    /// When the pull was opened.
    asked: Instant,
}

/// How long the broker lets a pull wait for a first message. A broker that has restarted knows nothing of
/// the pulls before, so this is also how long it may take to notice.
const EXPIRES: Duration = Duration::from_secs(5);
/// By how much the end of a pull may be late before the broker is taken for gone.
const LATE: Duration = Duration::from_secs(1);
const REOPEN: Backoff = Backoff { first: Duration::from_millis(100), most: Duration::from_secs(5) };

impl<'b> Source<'b> {
    pub(super) fn new(bus: &'b Bus, consumer: DurableConsumer, batch: usize) -> Self {
        let lanes = consumer.lanes().map(|lane| Pulled {
            bus,
            name: lane.name,
            batch,
            handle: None,
            pull: None,
            asked: Instant::now(),
        });
        Self { lanes, failures: 0 }
    }

    /// The next messages of one of the lanes, at least one. `None` at shutdown.
    pub(super) async fn next(&mut self, shutdown: &CancellationToken) -> Option<Vec<Message>> {
        loop {
            let (lane, first) = tokio::select! {
                biased;
                () = shutdown.cancelled() => return None,
                first = self.first() => first,
            };
            let lane = &mut self.lanes[lane];
            match first {
                Ok(Some(first)) => {
                    self.failures = 0;
                    return Some(lane.with_rest(first).await);
                }
                Ok(None) => {
                    // It has expired; or the broker has others to serve first, and says so at once.
                    lane.pull = None;
                    if lane.asked.elapsed() < EXPIRES / 2 {
                        tokio::time::sleep(REOPEN.first).await;
                    }
                }
                Err(error) => {
                    (lane.handle, lane.pull) = (None, None);
                    self.failures += 1;
                    tracing::warn!(lane = lane.name, %error, "cannot pull; trying again");
                    tokio::select! {
                        () = shutdown.cancelled() => return None,
                        () = tokio::time::sleep(REOPEN.delay(self.failures)) => {}
                    }
                }
            }
        }
    }

    /// The first message of either lane, with the number of that lane.
    async fn first(&mut self) -> (usize, Result<Option<Message>, BoxedError>) {
        // One after the other and not in the race: a pull that is given up while it is asked for still takes messages.
        for (number, lane) in self.lanes.iter_mut().enumerate() {
            if let Err(error) = lane.open().await {
                return (number, Err(error));
            }
        }
        let [main, seldom] = &mut self.lanes;
        // In any order: a flood in one lane does not keep the other waiting.
        tokio::select! {
            first = main.first() => (0, first),
            first = seldom.first() => (1, first),
        }
    }

    /// What still came after shutdown began, to be given back.
    pub(super) async fn drain(&mut self) -> Vec<Message> {
        let mut rest = Vec::new();
        let deadline = Instant::now() + Duration::from_millis(20);
        for lane in &mut self.lanes {
            let Some(mut pull) = lane.pull.take() else { continue };
            while let Ok(Some(Ok(message))) = timeout_at(deadline, pull.next()).await {
                rest.push(message);
            }
        }
        rest
    }
}

impl Pulled<'_> {
    /// Asks for messages, unless that is done.
    async fn open(&mut self) -> Result<(), BoxedError> {
        if self.handle.is_none() {
            let handle = self.bus.jetstream.get_consumer_from_stream(&self.name, subjects::EVENTS).await?;
            self.handle = Some(handle);
        }
        if let (Some(handle), None) = (&self.handle, &self.pull) {
            let pull = handle.fetch().max_messages(self.batch).expires(EXPIRES).messages().await?;
            self.pull = Some(pull);
            self.asked = Instant::now();
        }
        Ok(())
    }

    /// Waits for a first message; `None` when the pull has expired. Dropped meanwhile, the pull stays open.
    async fn first(&mut self) -> Result<Option<Message>, BoxedError> {
        let Some(pull) = &mut self.pull else { return Ok(None) };
        timeout_at(self.asked + EXPIRES + LATE, pull.next()).await?.transpose()
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
