//! Reads the dead letters: by people, a page at a time, and by the consumer that shall try one again.

use async_nats::{
    HeaderMap, HeaderValue, jetstream::message::StreamMessage, jetstream::stream::DirectGetErrorKind,
};
use bytes::Bytes;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use jiff::Timestamp;

use super::{Bus, consume::BoxedError, dead_letter as names};
use crate::{LogEvent, Meta, Recorded, contract::DecodeError, subjects};

/// A message that was given up.
#[derive(Debug, Clone)]
pub struct Letter {
    /// Its place among the dead letters.
    pub place: u64,
    /// When it was given up.
    pub at: Timestamp,
    /// The durable consumer that gave it up.
    pub consumer: String,
    /// The log sequence of what was given up; with the consumer it names the letter.
    pub sequence: u64,
    /// The message's own log sequence, which is another one when it was tried again.
    pub original: u64,
    /// The subject that it had in the log.
    pub subject: String,
    pub reason: String,
    pub attempts: u64,
    /// Bytes of the body, when the log alone has it: it was as large as the broker takes.
    pub truncated: Option<u64>,
    /// As they were in the log.
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// Why the dead letters cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("the dead letters cannot be read")]
pub struct LetterError(#[source] pub BoxedError);

/// What the broker adds when it answers a direct get.
const COPY: &str = "Nats-Sequence";
/// Asked for at a time.
const AT_ONCE: usize = 16;

impl Letter {
    /// `<consumer>-<sequence>`.
    #[must_use]
    pub fn id(&self) -> String {
        format!("{}-{}", self.consumer, self.sequence)
    }

    /// Whether it makes sense to try it again: the body is here, and it is no such wish itself.
    #[must_use]
    pub fn is_redrivable(&self) -> bool {
        self.truncated.is_none() && !self.subject.starts_with("letters.")
    }

    /// The event of the log, decoded and checked as a consumer does. What was wrong with it then is wrong
    /// now, unless this program knows more than the one that gave it up.
    pub fn decode(&self) -> Result<Recorded, DecodeError> {
        let meta = Meta::from_headers(&self.headers)?;
        let event = LogEvent::decode(&self.subject, &meta, &self.body)?;
        Ok(Recorded { position: Some(self.original), meta, event })
    }

    /// `None` for what no consumer has put there.
    fn read(message: &StreamMessage) -> Option<Self> {
        // One of them is the broker's answer's own; another is that of an answer which somebody has had sent
        // here, where they may not publish.
        if message.headers.get_all(COPY).count() > 1 {
            return None;
        }
        let text = |name: &str| message.headers.get(name).map(HeaderValue::as_str);
        let sequence = text(names::SEQUENCE)?.parse().ok()?;
        let consumer = text(names::CONSUMER)?.to_owned();
        let subject = text(names::SUBJECT)?.to_owned();
        // Its subject says who has put it there: only that consumer's service may.
        if message.subject.as_str() != subjects::dead_letter(&consumer, &subject, sequence) {
            return None;
        }
        Some(Self {
            place: message.sequence,
            at: Timestamp::from_nanosecond(message.time.unix_timestamp_nanos()).ok()?,
            sequence,
            original: text(names::ORIGINAL).and_then(|text| text.parse().ok()).unwrap_or(sequence),
            reason: text(names::REASON).unwrap_or_default().to_owned(),
            attempts: text(names::ATTEMPTS).and_then(|text| text.parse().ok()).unwrap_or_default(),
            truncated: text(names::TRUNCATED).map(|text| text.parse().unwrap_or_default()),
            headers: original(&message.headers),
            body: message.payload.clone(),
            consumer,
            subject,
        })
    }
}

impl Bus {
    /// The place of the newest dead letter, 0 when there is none.
    pub async fn last_letter(&self) -> Result<u64, LetterError> {
        let stream = self.jetstream.get_stream(subjects::DEAD).await.map_err(failed)?;
        Ok(stream.cached_info().state.last_sequence)
    }

    /// The dead letters at these places, in their order; without those places that hold none.
    pub async fn letters(&self, places: impl IntoIterator<Item = u64>) -> Result<Vec<Letter>, LetterError> {
        let dead = self.jetstream.get_stream_no_info(subjects::DEAD).await.map_err(failed)?;
        let dead = &dead;
        stream::iter(places)
            .map(|place| async move {
                match dead.direct_get(place).await {
                    Ok(message) => Ok(Letter::read(&message)),
                    Err(error) if error.kind() == DirectGetErrorKind::NotFound => Ok(None),
                    Err(error) => Err(failed(error)),
                }
            })
            .buffered(AT_ONCE)
            .try_filter_map(|letter| async move { Ok(letter) })
            .try_collect()
            .await
    }

    /// The dead letter that the consumer buried for this log sequence.
    pub async fn letter(&self, consumer: &str, sequence: u64) -> Result<Option<Letter>, LetterError> {
        let dead = self.jetstream.get_stream_no_info(subjects::DEAD).await.map_err(failed)?;
        let mut found = dead.info_with_subjects(format!("dead.{consumer}.>")).await.map_err(failed)?;
        let end = format!(".{sequence}");
        while let Some(entry) = found.next().await {
            let (subject, _) = entry.map_err(failed)?;
            let own = format!("dead.{consumer}.");
            if let Some(subject) = subject.strip_prefix(&own).and_then(|rest| rest.strip_suffix(&end)) {
                return self.own_letter(consumer, subject, sequence).await;
            }
        }
        Ok(None)
    }

    /// As [`Self::letter`], for whoever knows the subject: all that a consumer may ask for.
    pub(super) async fn own_letter(
        &self,
        consumer: &str,
        subject: &str,
        sequence: u64,
    ) -> Result<Option<Letter>, LetterError> {
        let dead = self.jetstream.get_stream_no_info(subjects::DEAD).await.map_err(failed)?;
        let subject = subjects::dead_letter(consumer, subject, sequence);
        match dead.direct_get_last_for_subject(subject).await {
            Ok(message) => Ok(Letter::read(&message)),
            Err(error) if error.kind() == DirectGetErrorKind::NotFound => Ok(None),
            Err(error) => Err(failed(error)),
        }
    }
}

fn failed(error: impl Into<BoxedError>) -> LetterError {
    LetterError(error.into())
}

/// The headers as they were in the log: without what the burial and the broker have added.
fn original(headers: &HeaderMap) -> HeaderMap {
    let mut kept = HeaderMap::new();
    for (name, values) in headers.iter() {
        let name: &str = name.as_ref();
        let lower = name.to_ascii_lowercase();
        let name = match lower.strip_prefix(names::KEPT) {
            Some(_) => &name[names::KEPT.len()..],
            None if lower.starts_with("nats-") || lower.starts_with("vestnik-dead-") => continue,
            None => name,
        };
        for value in values {
            kept.append(name, value.clone());
        }
    }
    kept
}
