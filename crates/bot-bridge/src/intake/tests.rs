//! What operators write down for each other never leaves the house: neither does the bridge ask for it, nor
//! would it send anything if it were given it.

use std::collections::HashMap;

use events::{
    Event, Outgoing, Service,
    bus::consume::{Delivery, Handler as _, Verdict},
    chats::{NoteAdded, NoteRemoved, ReplyRequested},
    derived_id, subjects,
};
use proptest::{prelude::*, strategy::ValueTree as _};
use store::calls;
use testkit::System;
use tokio::sync::mpsc;
use uuid::Uuid;

use super::{
    Intake,
    wish::{Wish, wish},
};

fn delivery(event: &Outgoing) -> Delivery {
    Delivery { recorded: event.recorded().unwrap(), attempt: 1, redriven: false }
}

fn request<E: Event>(event: E) -> Outgoing {
    Outgoing::request(Service::HttpEdge, "operator", event)
}

fn note_added() -> impl Strategy<Value = Outgoing> {
    (any::<i64>(), any::<u128>(), any::<u128>(), ".{0,80}").prop_map(|(user_id, note, operator, text)| {
        let added = NoteAdded {
            user_id,
            note_id: Uuid::from_u128(note),
            operator_id: Uuid::from_u128(operator),
            note_text: text,
        };
        request(added)
    })
}

fn note_removed() -> impl Strategy<Value = Outgoing> {
    (any::<i64>(), any::<u128>(), any::<u128>()).prop_map(|(user_id, note, operator)| {
        let removed =
            NoteRemoved { user_id, note_id: Uuid::from_u128(note), operator_id: Uuid::from_u128(operator) };
        request(removed)
    })
}

fn note() -> impl Strategy<Value = Outgoing> {
    prop_oneof![note_added(), note_removed()]
}

/// As the broker matches (NATS, "Subject-Based Messaging").
fn matches(filter: &str, subject: &str) -> bool {
    let mut tokens = subject.split('.');
    for wanted in filter.split('.') {
        match (wanted, tokens.next()) {
            (">", Some(_)) => return true,
            ("*", Some(_)) => {}
            (wanted, Some(token)) if wanted == token => {}
            _ => return false,
        }
    }
    tokens.next().is_none()
}

proptest! {
    #[test]
    fn no_note_is_asked_for_and_none_asks_for_a_call(note in note()) {
        for filter in subjects::BOT_BRIDGE.filters.iter().chain(subjects::BOT_BRIDGE_FILES.filters) {
            prop_assert!(!matches(filter, &note.subject), "{filter} matches {}", note.subject);
        }
        prop_assert!(subjects::BOT_BRIDGE.filters.iter().all(|filter| !filter.contains('>')));
        let message = delivery(&note);
        prop_assert!(matches!(wish(&message).unwrap(), Wish::Nothing));
    }
}

#[test]
fn the_filters_match_what_is_meant_to_be_sent() {
    let reply = request(ReplyRequested::sample());
    assert!(subjects::BOT_BRIDGE.filters.iter().any(|filter| matches(filter, &reply.subject)));
    assert!(matches!(wish(&delivery(&reply)).unwrap(), Wish::Send(_)));
}

#[tokio::test(flavor = "multi_thread")]
async fn notes_that_are_handed_to_the_bridge_all_the_same_enter_no_call() {
    let system = System::start().await;
    let (queued, mut arrivals) = mpsc::unbounded_channel();
    let intake = Intake::new(system.relay(Service::BotBridge).await, 7, HashMap::from([(7, queued)]));
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let notes = prop::collection::vec(note(), 64);
    let notes = notes.new_tree(&mut runner).unwrap().current();
    let mut batch: Vec<Delivery> = notes.iter().map(delivery).collect();
    let verdicts = intake.handle(&batch).await.unwrap();
    assert_eq!(verdicts, vec![Verdict::Done; batch.len()]);
    assert!(arrivals.try_recv().is_err());
    let mut conn = system.conn().await;
    assert!(calls::queued(&mut conn, 7, (-1, 0), 100).await.unwrap().is_empty());
    drop(conn);

    // Between them a reply is sent, and nothing but it.
    let reply =
        ReplyRequested { bot_id: None, message_id: derived_id(&["reply"]), ..ReplyRequested::sample() };
    batch.insert(32, delivery(&request(reply)));
    let batch: Vec<Delivery> = batch.into_iter().rev().collect();
    intake.handle(&batch).await.unwrap();
    let calls = arrivals.try_recv().unwrap();
    assert_eq!((calls.len(), calls[0].message_id), (1, derived_id(&["reply"])));
}

/// The database went away while it committed: the batch comes again, and was handled.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_entered_unheard_is_told_before_what_follows_it() {
    let system = System::start().await;
    let relay = system.relay(Service::BotBridge).await;
    let intake = |queued| Intake::new(relay.clone(), 7, HashMap::from([(7, queued)]));
    let reply = |number: &str| {
        let message_id = derived_id(&["reply", number]);
        delivery(&request(ReplyRequested { bot_id: None, message_id, ..ReplyRequested::sample() }))
    };
    let (first, second) = (reply("1"), reply("2"));
    let (nobody, _) = mpsc::unbounded_channel();
    intake(nobody).handle(std::slice::from_ref(&first)).await.unwrap();

    let (queued, mut arrivals) = mpsc::unbounded_channel();
    let intake = intake(queued);
    let again = Delivery { attempt: 2, ..first };
    intake.handle(std::slice::from_ref(&again)).await.unwrap();
    intake.handle(std::slice::from_ref(&second)).await.unwrap();
    for number in ["1", "2"] {
        let calls = arrivals.try_recv().unwrap();
        assert_eq!((calls.len(), calls[0].message_id), (1, derived_id(&["reply", number])));
    }
}
