use std::collections::{BTreeSet, HashMap};

use events::{
    LogEvent, Recorded,
    chats::{ChatEvent, Direction, MessageReceived},
    users::UserEvent,
};
use jiff::Timestamp;
use store::chats::Known;
use uuid::Uuid;

use crate::{command::Command, notice};

/// A message of a person's, with what was known of them when it came.
#[derive(Debug)]
pub(crate) struct Heard<'b> {
    pub recorded: &'b Recorded,
    pub message: &'b MessageReceived,
    pub person: Known,
}

impl Heard<'_> {
    /// The bot that shall answer: none to what nobody vouches for, nor to who is not heard, nor too late.
    pub(crate) fn answering(&self, now: Timestamp) -> Option<i64> {
        let welcome =
            self.message.verified && !self.person.banned && !notice::is_stale(&self.recorded.meta, now);
        self.message.bot_id.filter(|_| welcome)
    }
}

/// Whom the batch tells anything of.
pub(crate) fn people(batch: &[Recorded]) -> Vec<i64> {
    let users: BTreeSet<i64> = batch.iter().filter_map(incoming).map(|message| message.user_id).collect();
    users.into_iter().collect()
}

/// The messages that came in, in the order of the log, each with what was known of its writer at that moment:
/// `known` is what was before the batch.
pub(crate) fn heard(mut known: HashMap<i64, Known>, batch: &[Recorded], now: Timestamp) -> Vec<Heard<'_>> {
    let mut all = Vec::new();
    let mut of = |user: i64, change: &mut dyn FnMut(&mut Known)| {
        change(known.entry(user).or_insert_with(Known::nothing));
    };
    for recorded in batch {
        match &recorded.event {
            LogEvent::Chat(ChatEvent::ChatClosed(event)) => {
                of(event.user_id, &mut |one| one.closed = true);
            }
            LogEvent::Chat(ChatEvent::ChatOpened(event)) => {
                of(event.user_id, &mut |one| one.closed = false);
            }
            LogEvent::Chat(ChatEvent::ChatBanned(event)) => {
                of(event.user_id, &mut |one| one.banned = true);
            }
            LogEvent::Chat(ChatEvent::ChatUnbanned(event)) => {
                of(event.user_id, &mut |one| one.banned = false);
            }
            LogEvent::Chat(ChatEvent::NoticesSwitched(event)) => {
                of(event.user_id, &mut |one| one.notices = event.enabled);
            }
            LogEvent::User(UserEvent::TelegramLinked(event)) => {
                of(event.telegram_user_id, &mut |one| one.account = Some(event.user_id));
            }
            LogEvent::User(UserEvent::TelegramUnlinked(event)) => {
                let given_up = |account: Uuid| account == event.user_id;
                of(event.telegram_user_id, &mut |one| one.account = one.account.filter(|id| !given_up(*id)));
            }
            _ => {
                let Some(message) = incoming(recorded) else { continue };
                of(message.user_id, &mut |person| {
                    if message.verified && message.from.language_code.is_some() {
                        person.language_code.clone_from(&message.from.language_code);
                    }
                    let one = Heard { recorded, message, person: person.clone() };
                    let answered = one.answering(now).is_some();
                    all.push(one);
                    person.closed = person.closed && person.banned;
                    person.met |= message.verified && message.bot_id.is_some();
                    if answered && Command::of(message) == Some(Command::Notices) {
                        person.notices = !person.notices;
                    }
                });
            }
        }
    }
    all
}

fn incoming(recorded: &Recorded) -> Option<&MessageReceived> {
    match &recorded.event {
        LogEvent::Chat(ChatEvent::MessageReceived(message)) if message.direction == Direction::In => {
            Some(message)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use events::{Event as _, Outgoing, Service};

    use super::*;

    #[test]
    fn a_second_command_of_a_batch_follows_the_first() {
        let said = |bot_id| MessageReceived {
            user_id: 1,
            bot_id,
            message_type: events::chats::MessageType::Text,
            message_text: "/notices".into(),
            ..MessageReceived::sample()
        };
        let recorded = |message| Outgoing::request(Service::BotBridge, "test", message).recorded().unwrap();
        let batch = [Some(7), Some(7), None, Some(7)].map(|bot_id| recorded(said(bot_id)));
        let known = HashMap::from([(1, Known { notices: true, ..Known::nothing() })]);
        let heard = heard(known, &batch, events::now());
        let states: Vec<bool> = heard.iter().map(|one| one.person.notices).collect();
        // The third was said to no bot, and switches nothing.
        assert_eq!(states, [true, false, true, true]);
    }
}
