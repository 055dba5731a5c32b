use events::{Outgoing, Service, chats::ChatOpened};
use jiff::Timestamp;

use crate::heard::Heard;

/// One `ChatOpened` for each chat that was closed when a message came. Who is not heard opens nothing.
pub(crate) fn reopened(heard: &[Heard<'_>], time: Timestamp) -> Vec<Outgoing> {
    let opens = heard.iter().filter(|one| one.person.closed && !one.person.banned);
    opens
        .map(|one| {
            let opened = ChatOpened { user_id: one.message.user_id };
            Outgoing::fact(Service::ChatWorker, &one.recorded.meta, 0, None, time, &opened)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use events::{
        Event, LogEvent, Recorded,
        chats::{ChatBanned, ChatClosed, ChatUnbanned, Direction, MessageReceived},
    };
    use store::chats::Known;

    use super::*;
    use crate::heard::heard;

    fn recorded<E: Event + Into<LogEvent>>(event: E) -> Recorded {
        Outgoing::request(Service::BotBridge, "test", event).recorded().unwrap()
    }

    fn message(user_id: i64, direction: Direction) -> Recorded {
        recorded(MessageReceived { user_id, direction, ..MessageReceived::sample() })
    }

    fn opened(closed: &[i64], batch: &[Recorded]) -> Vec<String> {
        let known: HashMap<i64, Known> =
            closed.iter().map(|user| (*user, Known { closed: true, ..Known::nothing() })).collect();
        let heard = heard(known, batch, events::now());
        let facts = reopened(&heard, Timestamp::UNIX_EPOCH);
        facts.into_iter().map(|fact| fact.subject).collect()
    }

    #[test]
    fn the_first_message_in_a_closed_chat_opens_it_once() {
        let batch = [message(1, Direction::In), message(1, Direction::In), message(2, Direction::In)];
        assert_eq!(crate::heard::people(&batch), [1, 2]);
        assert_eq!(opened(&[1], &batch), ["chats.1.opened"]);
    }

    #[test]
    fn what_goes_out_opens_nothing() {
        assert!(opened(&[1], &[message(1, Direction::Out)]).is_empty());
    }

    #[test]
    fn a_chat_that_is_closed_after_the_message_stays_closed() {
        let closed = recorded(ChatClosed { user_id: 1 });
        assert!(opened(&[], &[message(1, Direction::In), closed.clone()]).is_empty());
        assert_eq!(opened(&[], &[closed, message(1, Direction::In)]), ["chats.1.opened"]);
    }

    #[test]
    fn a_chat_that_was_opened_in_between_is_open() {
        let open = recorded(ChatOpened { user_id: 1 });
        assert!(opened(&[1], &[open, message(1, Direction::In)]).is_empty());
    }

    #[test]
    fn who_is_banned_opens_nothing_until_they_are_heard_again() {
        let banned = recorded(ChatBanned { user_id: 1, ..ChatBanned::sample() });
        let unbanned = recorded(ChatUnbanned { user_id: 1 });
        let said = message(1, Direction::In);
        assert!(opened(&[1], &[banned.clone(), said.clone()]).is_empty());
        let again = [banned, said.clone(), unbanned, said];
        assert_eq!(opened(&[1], &again), ["chats.1.opened"]);
    }
}
