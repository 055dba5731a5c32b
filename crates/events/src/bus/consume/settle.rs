use std::time::Duration;

use async_nats::jetstream::{AckKind, Message};

use super::{
    super::{Bus, dead_letter::Burial, letter::Letter},
    Delivery,
};
use crate::{
    LogEvent, Meta, Recorded,
    contract::{DecodeError, MetaError},
    subjects::DurableConsumer,
};

/// A message, what it says, and where it stands in the log.
pub(super) struct Held {
    pub message: Message,
    pub sequence: u64,
    pub delivery: Delivery,
    /// What `delivery` was made of, when the message is the wish to try that again.
    pub letter: Option<Box<Letter>>,
}

impl Held {
    pub(super) fn burial(&self) -> Burial {
        match &self.letter {
            Some(letter) => Burial::again(letter, self.sequence),
            None => Burial::of(&self.message, self.sequence),
        }
    }
}

/// A message that says nothing: its sequence, its deliveries, and why.
pub(super) struct Undecodable {
    pub sequence: u64,
    pub attempts: i64,
    pub error: DecodeError,
}

pub(super) fn decode(message: &Message) -> Result<Delivery, Undecodable> {
    let (sequence, attempts) = message.info().map_or((0, 1), |info| (info.stream_sequence, info.delivered));
    let decoded = message
        .headers
        .as_ref()
        .ok_or(DecodeError::Meta(MetaError::Missing("ce-id")))
        .and_then(|headers| Ok(Meta::from_headers(headers)?))
        .and_then(|meta| {
            let event = LogEvent::decode(&message.subject, &meta, &message.payload)?;
            Ok(Recorded { position: Some(sequence), meta, event })
        });
    match decoded {
        Ok(recorded) => {
            let attempt = u32::try_from(attempts).unwrap_or(u32::MAX);
            Ok(Delivery { recorded, attempt, redriven: false })
        }
        Err(error) => Err(Undecodable { sequence, attempts, error }),
    }
}

/// An acknowledgement that is lost leads to a redelivery, which the inbox makes harmless.
pub(super) async fn acknowledge(message: &Message) {
    if let Err(error) = message.ack().await {
        tracing::debug!(%error, "acknowledgement not sent; the message will come again");
    }
}

/// Returns when the broker has it.
pub(super) async fn acknowledge_now(message: &Message) {
    if let Err(error) = message.double_ack().await {
        tracing::debug!(%error, "acknowledgement not confirmed; the message may come again");
    }
}

/// A bare NAK is delivered again at once, whatever the consumer's backoff says: `None` only at shutdown.
pub(super) async fn give_back(message: &Message, delay: Option<Duration>) {
    if let Err(error) = message.ack_with(AckKind::Nak(delay)).await {
        tracing::debug!(%error, "could not give a message back; it will come again by itself");
    }
}

pub(super) async fn progress(message: &Message) {
    if let Err(error) = message.ack_with(AckKind::Progress).await {
        tracing::debug!(%error, "progress not told");
    }
}

/// Buries a message and ends its deliveries. When the burial fails it comes back later instead.
pub(super) async fn give_up(
    bus: &Bus,
    consumer: DurableConsumer,
    message: &Message,
    burial: &Burial,
    attempts: i64,
    reason: &str,
) {
    let sequence = burial.sequence;
    match bus.bury(consumer.name, burial, attempts, reason).await {
        Ok(()) => {
            if let Err(error) = message.double_ack_with(AckKind::Term).await {
                let consumer = consumer.name;
                tracing::warn!(consumer, sequence, %error, "buried, but not ended; it will come again");
            }
        }
        Err(error) => {
            tracing::error!(consumer = consumer.name, sequence, %error, "could not bury a message");
            give_back(message, Some(Duration::from_secs(30))).await;
        }
    }
}
