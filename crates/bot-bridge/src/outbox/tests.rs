use events::{Meta, Service, chats::DeleteRequested};
use store::calls::Task;

use jiff::Timestamp;
use store::calls::Begun;

use super::*;

const LIMITS: Limits = Limits { chat_rate: 1.0, chat_burst: 3, bot_rate: 1_000.0 };

fn at(seconds: u64) -> Now {
    let at = Duration::from_secs(seconds);
    Now { at, time: Timestamp::UNIX_EPOCH.checked_add(at).unwrap() }
}

fn cause() -> Meta {
    let wish = DeleteRequested { user_id: 1, message_id: Uuid::nil(), operator_id: Uuid::nil() };
    events::Outgoing::request_with_id(Uuid::nil(), Service::HttpEdge, "operator", wish).meta
}

fn call(user_id: i64, position: i64) -> Call {
    let id = events::derived_id(&["call", &user_id.to_string(), &position.to_string()]);
    let (text, entities, files) = (String::new(), Vec::new(), Vec::new());
    Call {
        id,
        bot_id: 1,
        user_id,
        position,
        part: 0,
        message_id: id,
        task: Task::Send { text, entities, files, reply_to: None, asks_phone: false },
        attempt: 1,
        not_before: None,
        cause: cause(),
    }
}

/// Does whatever is to be done, with every record and commit working; returns what was made and told.
fn work(outbox: &mut Outbox, now: Now) -> (Vec<Call>, Vec<Waiting>) {
    let (mut made, mut told) = (Vec::new(), Vec::new());
    loop {
        match outbox.next(now) {
            Step::Record { attempts, .. } => {
                let may = attempts.into_iter().map(|(id, _)| id).collect();
                outbox.recorded(&Begun { may, ..Begun::default() }, now);
            }
            Step::Make(call, _) => made.push(*call),
            Step::Commit(batch) => {
                drop(batch);
                outbox.committed(now);
                outbox.published();
            }
            Step::Tell(waiting) => told.push(waiting),
            Step::Wait(_) | Step::Idle => return (made, told),
        }
    }
}

#[test]
fn whoever_a_pause_of_the_whole_bot_holds_up_is_told_once() {
    let mut outbox = Outbox::new(LIMITS);
    let chats = [1, 2, 3, 4];
    outbox.queued(chats.into_iter().flat_map(|chat| [call(chat, 1), call(chat, 2)]).collect(), at(0));
    let (made, _) = work(&mut outbox, at(0));
    assert_eq!(made.len(), 4);
    // Three are refused; of the fourth nothing is known yet.
    for call in made.iter().take(3) {
        outbox.answered(call.id, Verdict::Busy { retry_after: Duration::from_secs(60) }, at(0));
    }
    let (made, told) = work(&mut outbox, at(0));
    assert!(made.is_empty());
    let held: Vec<_> = told.iter().filter(|one| one.message_id == call(one.user_id, 2).id).collect();
    assert_eq!(held.len(), 4, "each chat's next one: {told:?}");
    assert!(told.iter().all(|one| one.until == Some(at(60).time)), "{told:?}");

    // What comes now is told as well, and a fourth refusal is no news for the others.
    outbox.queued(vec![call(5, 3)], at(1));
    let (_, told) = work(&mut outbox, at(1));
    assert_eq!(told.iter().map(|one| (one.user_id, one.until)).collect::<Vec<_>>(), [(5, Some(at(60).time))]);
    outbox.answered(call(4, 1).id, Verdict::Busy { retry_after: Duration::from_secs(59) }, at(1));
    let (made, told) = work(&mut outbox, at(1));
    assert!(made.is_empty());
    assert_eq!(told.iter().map(|one| one.user_id).collect::<Vec<_>>(), [4]);
    assert!(!work(&mut outbox, at(61)).0.is_empty());
}

#[test]
fn a_pause_that_was_heard_of_before_holds_until_its_end() {
    let mut outbox = Outbox::new(LIMITS);
    outbox.paused(at(30).time, at(0));
    outbox.queued(vec![call(1, 1)], at(0));
    let (made, told) = work(&mut outbox, at(29));
    assert!(made.is_empty());
    assert_eq!(told.iter().map(|one| one.until).collect::<Vec<_>>(), [Some(at(30).time)]);
    assert_eq!(work(&mut outbox, at(30)).0.len(), 1);

    // One that is over holds nothing.
    let mut outbox = Outbox::new(LIMITS);
    outbox.paused(at(30).time, at(31));
    outbox.queued(vec![call(1, 1)], at(31));
    assert_eq!(work(&mut outbox, at(31)).0.len(), 1);
}

#[test]
fn an_hour_without_a_network_costs_few_tries_and_nothing_else() {
    const HOUR: u64 = 3_600;
    let mut outbox = Outbox::new(LIMITS);
    let calls: Vec<Call> =
        (1..=20).flat_map(|position| (1..=5).map(move |chat| call(chat, position))).collect();
    outbox.queued(calls.clone(), at(0));
    let (mut tries, mut sent, mut back_since) = (0, Vec::new(), None);
    // A second at a time: an hour without a connection, and then as long as it takes.
    for second in 0..HOUR + 120 {
        let now = at(second);
        for call in work(&mut outbox, now).0 {
            if second < HOUR {
                tries += 1;
                outbox.answered(call.id, Verdict::NotSent { reason: "no route".into() }, now);
            } else {
                back_since.get_or_insert(second);
                sent.push((call.user_id, call.position));
                outbox.answered(call.id, Verdict::Sent(Answer::default()), now);
            }
        }
    }
    assert!((100..1_000).contains(&tries), "{tries} tries in an hour");
    assert!(back_since.is_some_and(|second| second <= HOUR + 30), "{back_since:?}");
    assert_eq!(sent.len(), calls.len(), "each once");
    for chat in 1..=5 {
        let order: Vec<i64> = sent.iter().filter(|one| one.0 == chat).map(|one| one.1).collect();
        assert_eq!(order, (1..=20).collect::<Vec<_>>(), "of {chat}");
    }
}
