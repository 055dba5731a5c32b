use async_nats::jetstream::{
    self,
    consumer::{DeliverPolicy, OrderedPullConsumer, PullConsumer, pull},
};
use bytes::Bytes;
use futures::StreamExt as _;
use jiff::Timestamp;

use super::Bus;
use crate::{
    LogEvent, Meta, Recorded, Service,
    contract::{DecodeError, MetaError},
    subjects,
};

/// Reads the log in order, without gap or repeat; the client library reopens it where it stood.
pub struct Tail {
    messages: pull::Ordered,
}

/// Where to begin.
#[derive(Debug, Clone, Copy)]
pub enum TailStart {
    /// With the oldest event.
    Beginning,
    /// With the event of this sequence, or the next one that there is.
    Sequence(u64),
    /// With what comes from now on.
    Now,
}

/// An event of the log as it lies there, whether or not it can be decoded.
#[derive(Debug, Clone)]
pub struct LogMessage {
    pub sequence: u64,
    /// Messages behind it that match the filter.
    pub pending: u64,
    /// When the broker stored it.
    pub stored: Timestamp,
    pub subject: String,
    /// The attributes, or what is wrong with them.
    pub meta: Result<Meta, String>,
    pub body: Bytes,
}

/// Why the log cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum TailError {
    #[error("the log cannot be opened")]
    Open(#[source] Box<dyn std::error::Error + Send + Sync>),
    #[error("the log cannot be read on")]
    Read(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Bus {
    /// Reads the log from `start`, only the subjects given (all when empty). The auditor reads its own
    /// mirror, which has the same sequences.
    pub async fn tail(&self, filters: &[&str], start: TailStart) -> Result<Tail, TailError> {
        let stream = if self.service() == Service::Auditor { subjects::AUDIT } else { subjects::EVENTS };
        let open = |error| TailError::Open(error);
        let stream = self.jetstream.get_stream_no_info(stream).await.map_err(|error| open(error.into()))?;
        let deliver_policy = match start {
            TailStart::Beginning => DeliverPolicy::All,
            TailStart::Sequence(start_sequence) => {
                DeliverPolicy::ByStartSequence { start_sequence: start_sequence.max(1) }
            }
            TailStart::Now => DeliverPolicy::New,
        };
        let consumer: OrderedPullConsumer = stream
            .create_consumer(jetstream::consumer::pull::OrderedConfig {
                // nats.conf lets a reader create named consumers only: see the reason there.
                name: Some(format!("{}-{}", self.service(), uuid::Uuid::now_v7().simple())),
                filter_subjects: filters.iter().map(ToString::to_string).collect(),
                deliver_policy,
                ..Default::default()
            })
            .await
            .map_err(|error| open(error.into()))?;
        let messages = consumer.messages().await.map_err(|error| open(error.into()))?;
        Ok(Tail { messages })
    }

    /// The sequence of the newest event in the log, 0 when it is empty.
    pub async fn last_sequence(&self) -> Result<u64, TailError> {
        let name = if self.service() == Service::Auditor { subjects::AUDIT } else { subjects::EVENTS };
        let stream = self.jetstream.get_stream(name).await.map_err(|error| TailError::Open(error.into()))?;
        Ok(stream.cached_info().state.last_sequence)
    }

    /// Everything up to here has been handled by the durable consumer: the database has it.
    pub async fn handled_up_to(&self, consumer: &str) -> Result<u64, TailError> {
        Ok(self.consumer_info(consumer).await?.ack_floor.stream_sequence)
    }

    /// How far a durable consumer of the log is.
    pub async fn consumer_info(&self, consumer: &str) -> Result<jetstream::consumer::Info, TailError> {
        let consumer: PullConsumer = self
            .jetstream
            .get_consumer_from_stream(consumer, subjects::EVENTS)
            .await
            .map_err(|error| TailError::Open(error.into()))?;
        Ok(consumer.cached_info().clone())
    }
}

impl Tail {
    /// The next event. Waits for one as long as it takes; `None` only when the connection is closed.
    pub async fn next(&mut self) -> Option<Result<LogMessage, TailError>> {
        let message = match self.messages.next().await? {
            Ok(message) => message,
            Err(error) => return Some(Err(TailError::Read(error.into()))),
        };
        let Ok(info) = message.info() else {
            return Some(Err(TailError::Read("the broker sent a message without its position".into())));
        };
        let meta = message
            .headers
            .as_ref()
            .ok_or(MetaError::Missing("ce-id"))
            .and_then(Meta::from_headers)
            .map_err(|error| error.to_string());
        Some(Ok(LogMessage {
            sequence: info.stream_sequence,
            pending: info.pending,
            stored: Timestamp::from_nanosecond(info.published.unix_timestamp_nanos())
                .unwrap_or(Timestamp::UNIX_EPOCH),
            subject: message.subject.to_string(),
            meta,
            body: message.payload.clone(),
        }))
    }
}

impl LogMessage {
    /// Decodes and checks it as a consumer does.
    pub fn decode(&self) -> Result<Recorded, DecodeError> {
        let meta = match &self.meta {
            Ok(meta) => meta.clone(),
            Err(reason) => return Err(DecodeError::UnknownType(reason.clone())),
        };
        let event = LogEvent::decode(&self.subject, &meta, &self.body)?;
        Ok(Recorded { position: Some(self.sequence), meta, event })
    }
}

impl std::fmt::Debug for Tail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tail").finish_non_exhaustive()
    }
}
