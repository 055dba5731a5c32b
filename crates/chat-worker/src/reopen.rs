use std::collections::{BTreeSet, HashSet};

use events::{
    LogEvent, Outgoing, Recorded, Service,
    chats::{ChatEvent, ChatOpened, Direction},
};
use jiff::Timestamp;

/// Whose chats the batch brings a message to.
pub(crate) fn written_in(batch: &[Recorded]) -> Vec<i64> {
    let users: BTreeSet<i64> = batch.iter().filter_map(writer).collect();
    users.into_iter().collect()
}

/// One `ChatOpened` for each chat that was closed when a message came, told in the order of the log:
/// `closed` are the chats that were closed before the batch.
pub(crate) fn reopened(closed: Vec<i64>, batch: &[Recorded], time: Timestamp) -> Vec<Outgoing> {
    let mut closed: HashSet<i64> = closed.into_iter().collect();
    let mut facts = Vec::new();
    for recorded in batch {
        match &recorded.event {
            LogEvent::Chat(ChatEvent::ChatClosed(event)) => {
                closed.insert(event.user_id);
            }
            LogEvent::Chat(ChatEvent::ChatOpened(event)) => {
                closed.remove(&event.user_id);
            }
            _ => {
                let Some(user_id) = writer(recorded).filter(|user| closed.remove(user)) else { continue };
                let opened = ChatOpened { user_id };
                facts.push(Outgoing::fact(Service::ChatWorker, &recorded.meta, 0, None, time, &opened));
            }
        }
    }
    facts
}

fn writer(recorded: &Recorded) -> Option<i64> {
    match &recorded.event {
        LogEvent::Chat(ChatEvent::MessageReceived(message)) if message.direction == Direction::In => {
            Some(message.user_id)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use events::{
        Event,
        chats::{ChatClosed, MessageReceived},
    };

    use super::*;

    fn recorded<E: Event + Into<LogEvent>>(event: E) -> Recorded {
        Outgoing::request(Service::BotBridge, "test", event).recorded().unwrap()
    }

    fn message(user_id: i64, direction: Direction) -> Recorded {
        recorded(MessageReceived { user_id, direction, ..MessageReceived::sample() })
    }

    fn opened(closed: Vec<i64>, batch: &[Recorded]) -> Vec<String> {
        let facts = reopened(closed, batch, Timestamp::UNIX_EPOCH);
        facts.into_iter().map(|fact| fact.subject).collect()
    }

    #[test]
    fn the_first_message_in_a_closed_chat_opens_it_once() {
        let batch = [message(1, Direction::In), message(1, Direction::In), message(2, Direction::In)];
        assert_eq!(written_in(&batch), [1, 2]);
        assert_eq!(opened(vec![1], &batch), ["chats.1.opened"]);
    }

    #[test]
    fn what_goes_out_opens_nothing() {
        assert!(opened(vec![1], &[message(1, Direction::Out)]).is_empty());
    }

    #[test]
    fn a_chat_that_is_closed_after_the_message_stays_closed() {
        let closed = recorded(ChatClosed { user_id: 1 });
        assert!(opened(vec![], &[message(1, Direction::In), closed.clone()]).is_empty());
        assert_eq!(opened(vec![], &[closed, message(1, Direction::In)]), ["chats.1.opened"]);
    }

    #[test]
    fn a_chat_that_was_opened_in_between_is_open() {
        let open = recorded(ChatOpened { user_id: 1 });
        assert!(opened(vec![1], &[open, message(1, Direction::In)]).is_empty());
    }
}
