//! A dead letter that shall be tried again: its consumer fetches it and hands it to the handler in place of
//! the wish, which is settled as the letter is. So nobody needs the right to publish another's event, and
//! the log has no event twice.

use async_nats::jetstream::Message;

use super::{
    super::{Bus, dead_letter::Burial, letter::Letter},
    BoxedError, Delivery,
};
use crate::{LogEvent, letters::LetterEvent, letters::LetterRedriven, subjects::DurableConsumer};

/// What a wish to try a letter again has led to.
pub(super) enum Again {
    /// The letter, to be handled in its place.
    Delivery(Box<Delivery>, Box<Letter>),
    /// The letter says nothing, as before; it is buried again.
    Unreadable(Box<Letter>, String),
    /// There is no such letter.
    Missing(&'static str),
    /// The dead letters cannot be read now.
    Away(BoxedError),
}

/// Deliveries of a wish in which a letter that is not found may still be on its way: who answers may be a replica that
/// has not got it yet.
const ON_ITS_WAY: u32 = 3;

/// The wish, if the delivery is one.
pub(super) const fn wish(delivery: &Delivery) -> Option<&LetterRedriven> {
    match &delivery.recorded.event {
        LogEvent::Letter(LetterEvent::LetterRedriven(wish)) => Some(wish),
        _ => None,
    }
}

pub(super) async fn fetch(
    bus: &Bus,
    consumer: DurableConsumer,
    wish: &LetterRedriven,
    attempt: u32,
) -> Again {
    let letter = match bus.own_letter(consumer.name, &wish.subject, wish.sequence).await {
        Ok(Some(letter)) => Box::new(letter),
        Ok(None) if attempt <= ON_ITS_WAY => return Again::Away("it is not found yet".into()),
        Ok(None) => return Again::Missing("there is no such dead letter"),
        Err(error) => return Again::Away(error.into()),
    };
    if letter.truncated.is_some() {
        return Again::Unreadable(letter, "only the reason was kept, so it cannot be tried again".into());
    }
    match letter.decode() {
        Ok(recorded) if matches!(recorded.event, LogEvent::Letter(_)) => {
            Again::Missing("a wish to try a letter again cannot be tried again itself")
        }
        Ok(recorded) => Again::Delivery(Box::new(Delivery { recorded, attempt, redriven: true }), letter),
        Err(error) => Again::Unreadable(letter, error.to_string()),
    }
}

impl Burial {
    pub(super) fn of(message: &Message, sequence: u64) -> Self {
        Self {
            subject: message.subject.to_string(),
            headers: message.headers.clone().unwrap_or_default(),
            payload: message.payload.clone(),
            sequence,
            original: None,
            truncated: None,
        }
    }

    /// Once more, under the sequence of the wish that did not help.
    pub(super) fn again(letter: &Letter, sequence: u64) -> Self {
        Self {
            subject: letter.subject.clone(),
            headers: letter.headers.clone(),
            payload: letter.body.clone(),
            sequence,
            original: Some(letter.original),
            truncated: letter.truncated,
        }
    }
}
