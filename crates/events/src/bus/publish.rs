use std::{collections::HashSet, time::Duration};

use async_nats::jetstream::{context::PublishAckFuture, message::PublishMessage};
use bytes::Bytes;

use super::{Bus, consume::BoxedError, retry::Backoff};
use crate::Outgoing;

/// The broker has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Acknowledged {
    /// The sequence in the stream: of the first one, if this was a repetition.
    pub sequence: u64,
    /// The broker had this id already and stored nothing.
    pub duplicate: bool,
}

/// The broker did not confirm in time. Whether it has the event is unknown: publish it again under the
/// same id.
#[derive(Debug, thiserror::Error)]
#[error("the broker did not acknowledge {subject} within {}s", waited.as_secs())]
pub struct PublishError {
    pub subject: String,
    pub waited: Duration,
    #[source]
    pub source: BoxedError,
}

/// Acknowledgements awaited at a time; the client's own limit is 5,000, beyond which it deadlocks.
const IN_FLIGHT: usize = 512;

const RETRY: Backoff = Backoff { first: Duration::from_millis(50), most: Duration::from_secs(2) };

/// How long a publish is repeated before the caller is told.
pub(super) const PATIENCE: Duration = Duration::from_secs(30);

impl Bus {
    /// Publishes and waits until the broker has it; repeats under the same id when it does not answer.
    pub async fn publish(&self, event: &Outgoing) -> Result<Acknowledged, PublishError> {
        self.publish_within(event, PATIENCE).await
    }

    /// As [`Self::publish`], with less patience.
    pub async fn publish_within(
        &self,
        event: &Outgoing,
        patience: Duration,
    ) -> Result<Acknowledged, PublishError> {
        self.insist(event.subject.clone(), patience, || message(event)).await
    }

    /// Publishes up to 512 at a time, in order unless the broker goes meanwhile, and waits for all. After an error any
    /// of them may or may not be stored: repeat all.
    pub async fn publish_all(&self, events: &[Outgoing]) -> Result<Vec<Acknowledged>, PublishError> {
        let mut acknowledged = Vec::with_capacity(events.len());
        for chunk in events.chunks(IN_FLIGHT) {
            let mut pending: Vec<Option<PublishAckFuture>> = Vec::with_capacity(chunk.len());
            for event in chunk {
                pending.push(self.jetstream.send_publish(event.subject.clone(), message(event)).await.ok());
            }
            for (event, pending) in chunk.iter().zip(pending) {
                let first = match pending {
                    Some(pending) => pending.await.ok(),
                    None => None,
                };
                acknowledged.push(match first {
                    Some(ack) => Acknowledged { sequence: ack.sequence, duplicate: ack.duplicate },
                    None => self.publish(event).await?,
                });
            }
        }
        metrics::counter!("vestnik_published_total", "service" => self.service().name())
            .increment(events.len() as u64);
        Ok(acknowledged)
    }

    /// As [`Self::publish_all`], and whatever happens to the broker no event is in the log before an earlier one about
    /// the same entity: of each one is on its way at a time. For events that have no version to be put in order by.
    pub async fn publish_in_order(&self, events: &[Outgoing]) -> Result<(), PublishError> {
        let mut waiting = events;
        while !waiting.is_empty() {
            let mut on_their_way = HashSet::new();
            let strangers =
                waiting.iter().take_while(|event| on_their_way.insert(&event.meta.entity)).count();
            let (now, later) = waiting.split_at(strangers);
            self.publish_all(now).await?;
            waiting = later;
        }
        Ok(())
    }

    pub(super) async fn insist(
        &self,
        subject: String,
        patience: Duration,
        message: impl Fn() -> PublishMessage,
    ) -> Result<Acknowledged, PublishError> {
        let started = tokio::time::Instant::now();
        let mut attempt = 0;
        loop {
            let once = async { self.jetstream.send_publish(subject.clone(), message()).await?.await };
            let patience_left = patience.saturating_sub(started.elapsed());
            let error: BoxedError = match tokio::time::timeout(patience_left, once).await {
                Ok(Ok(ack)) => return Ok(Acknowledged { sequence: ack.sequence, duplicate: ack.duplicate }),
                Ok(Err(error)) => error.into(),
                Err(elapsed) => elapsed.into(),
            };
            attempt += 1;
            let delay = RETRY.delay(attempt);
            let waited = started.elapsed();
            if waited + delay >= patience {
                return Err(PublishError { subject, waited, source: error });
            }
            tracing::warn!(subject, attempt, %error, "publish not acknowledged; trying again under the same id");
            tokio::time::sleep(delay).await;
        }
    }
}

fn message(event: &Outgoing) -> PublishMessage {
    PublishMessage::build()
        .payload(Bytes::copy_from_slice(event.body.as_bytes()))
        .headers(event.meta.to_headers())
}
