use std::{collections::HashMap, time::Duration};

use proptest::prelude::*;

use super::{Limits, Next, Order, Placed, Schedule};

const LIMITS: Limits = Limits { chat_rate: 1.0, chat_burst: 3, bot_rate: 30.0 };

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// A message: its chat and its number within it.
type Message = (i64, usize);

impl Placed for Message {
    fn chat(&self) -> i64 {
        self.0
    }

    fn order(&self) -> Order {
        (i64::try_from(self.1).unwrap(), 0)
    }
}

/// What happens to a message that is sent.
#[derive(Debug, Clone, Copy)]
enum Fate {
    Done {
        after: u64,
    },
    /// Telegram asks to wait, which it said `after` so long.
    Busy {
        after: u64,
        retry_after: u64,
    },
}

#[derive(Debug, Clone, Copy)]
struct Sent {
    at: Duration,
    chat: i64,
    number: usize,
    came_back: bool,
}

/// Plays a world against the schedule until everything is sent.
fn play(arrivals: &[(u64, i64)], fates: &[Fate]) -> (Vec<Sent>, Vec<(i64, Duration, Duration)>) {
    let mut schedule = Schedule::new(LIMITS);
    let mut arrivals: Vec<(u64, i64)> = arrivals.to_vec();
    arrivals.sort_by_key(|(at, _)| *at);
    arrivals.reverse();
    let total = arrivals.len();
    let mut numbers: HashMap<i64, usize> = HashMap::new();
    let mut flying: Vec<(Duration, Message, Option<u64>)> = Vec::new();
    let (mut sent, mut freezes) = (Vec::new(), Vec::new());
    let (mut now, mut fate, mut done) = (Duration::ZERO, 0, 0);
    while done < total {
        while let Some((_, chat)) = arrivals.pop_if(|(at, _)| ms(*at) <= now) {
            let number = numbers.entry(chat).or_default();
            schedule.add((chat, *number), now);
            *number += 1;
        }
        let landed = flying.extract_if(.., |(at, ..)| *at <= now).collect::<Vec<_>>();
        for (_, message, retry_after) in landed {
            match retry_after {
                Some(seconds) => {
                    let until = now + Duration::from_secs(seconds);
                    freezes.push((message.0, now, until));
                    schedule.put_back(message, until, now);
                }
                None => {
                    schedule.done(message.0, now);
                    done += 1;
                }
            }
        }
        let wait = loop {
            match schedule.next(now) {
                Next::Send(message) => {
                    let chat = message.0;
                    assert!(flying.iter().all(|(_, other, _)| other.0 != chat), "two of {chat} in flight");
                    // A message comes back at most once, so that the play ends.
                    let again = sent.iter().any(|one: &Sent| one.chat == chat && one.number == message.1);
                    let (after, retry_after) = match fates[fate % fates.len()] {
                        Fate::Busy { after, retry_after } if !again => (after, Some(retry_after)),
                        Fate::Done { after } | Fate::Busy { after, .. } => (after, None),
                    };
                    fate += 1;
                    flying.push((now + ms(after), message, retry_after));
                    sent.push(Sent { at: now, chat, number: message.1, came_back: retry_after.is_some() });
                }
                Next::Wait(until) => {
                    assert!(until > now, "told to wait for the past");
                    break Some(until);
                }
                Next::Idle => break None,
            }
        };
        let next = [wait, arrivals.last().map(|(at, _)| ms(*at)), flying.iter().map(|(at, ..)| *at).min()];
        let Some(next) = next.into_iter().flatten().min() else {
            assert_eq!(done, total, "nothing is left to happen, and not everything is sent");
            break;
        };
        now = next.max(now + Duration::from_nanos(1));
    }
    assert_eq!(schedule.waiting(), 0);
    (sent, freezes)
}

fn fate() -> impl Strategy<Value = Fate> {
    prop_oneof![
        8 => (1u64..400).prop_map(|after| Fate::Done { after }),
        1 => (1u64..400, 1u64..5).prop_map(|(after, retry_after)| Fate::Busy { after, retry_after }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn every_message_is_sent_and_the_order_within_a_chat_is_kept(
        arrivals in prop::collection::vec((0u64..5_000, 0i64..6), 1..60),
        fates in prop::collection::vec(fate(), 1..12),
    ) {
        let (sent, _) = play(&arrivals, &fates);
        for chat in 0..6 {
            let order: Vec<usize> =
                sent.iter().filter(|one| one.chat == chat && !one.came_back).map(|one| one.number).collect();
            let expected = arrivals.iter().filter(|(_, of)| *of == chat).count();
            prop_assert_eq!(order, (0..expected).collect::<Vec<_>>());
        }
    }

    #[test]
    fn no_limit_is_ever_exceeded(
        arrivals in prop::collection::vec((0u64..3_000, 0i64..80), 1..200),
        fates in prop::collection::vec(fate(), 1..12),
    ) {
        let (sent, freezes) = play(&arrivals, &fates);
        for (index, first) in sent.iter().enumerate() {
            let second: Vec<_> =
                sent[index..].iter().take_while(|one| one.at < first.at + ms(1_000)).collect();
            prop_assert!(second.len() <= 30, "{} in the second after {:?}", second.len(), first.at);
            // In any stretch of a chat: the burst, and one per second.
            let of_chat = sent[index..].iter().filter(|one| one.chat == first.chat);
            for (count, later) in (1u32..).zip(of_chat) {
                let allowed = 3.0 + (later.at - first.at).as_secs_f64();
                prop_assert!(f64::from(count) <= allowed + 1e-6, "{count} in chat {}", first.chat);
            }
        }
        for (chat, from, until) in freezes {
            let early = sent.iter().find(|one| one.chat == chat && one.at >= from && one.at < until);
            prop_assert!(early.is_none(), "{early:?} although chat {chat} was frozen until {until:?}");
        }
    }

    #[test]
    fn no_chat_waits_for_another_longer_than_a_round(
        busy in 1usize..40, quiet_at in 0u64..2_000,
    ) {
        // Chats with much to say, and one that says one thing in between.
        let mut arrivals: Vec<(u64, i64)> =
            (0..busy).flat_map(|chat| std::iter::repeat_n((0, i64::try_from(chat).unwrap()), 5)).collect();
        arrivals.push((quiet_at, 1_000));
        let (sent, _) = play(&arrivals, &[Fate::Done { after: 5 }]);
        let at = sent.iter().find(|one| one.chat == 1_000).unwrap().at;
        let between =
            sent.iter().filter(|one| one.at >= ms(quiet_at) && one.at < at && one.chat != 1_000).count();
        prop_assert!(between <= busy, "{between} others went first");
    }
}

proptest! {
    /// Whatever is heard of late goes where it belongs, as long as it is not too late.
    #[test]
    fn the_order_is_that_of_the_log_and_not_that_of_arrival(
        numbers in Just((0..12).collect::<Vec<usize>>()).prop_shuffle(), frozen in 0u64..5_000,
    ) {
        let mut schedule = Schedule::new(LIMITS);
        for number in numbers {
            schedule.add((7, number), Duration::ZERO);
        }
        schedule.freeze_chat(7, ms(frozen), Duration::ZERO);
        let mut order = Vec::new();
        let mut now = Duration::ZERO;
        loop {
            match schedule.next(now) {
                Next::Send((_, number)) => {
                    prop_assert!(now >= ms(frozen), "sent at {now:?}");
                    order.push(number);
                    schedule.done(7, now);
                }
                Next::Wait(until) => now = until,
                Next::Idle => break,
            }
        }
        prop_assert_eq!(order, (0..12).collect::<Vec<_>>());
    }
}

#[test]
fn a_quiet_chat_may_send_three_at_once_and_then_one_a_second() {
    let mut schedule = Schedule::new(LIMITS);
    for number in 0..5 {
        schedule.add((7, number), Duration::ZERO);
    }
    for number in 0..3 {
        assert_eq!(schedule.next(ms(1)), Next::Send((7, number)));
        assert_eq!(schedule.next(ms(1)), Next::Idle, "one is in flight");
        schedule.done(7, ms(1));
    }
    assert_eq!(schedule.next(ms(1)), Next::Wait(ms(1_001)));
    assert_eq!(schedule.next(ms(1_001)), Next::Send((7, 3)));
    schedule.done(7, ms(1_001));
    assert_eq!(schedule.next(ms(1_001)), Next::Wait(ms(2_001)));
}

#[test]
fn a_frozen_chat_freezes_no_other_and_a_frozen_bot_freezes_all() {
    let mut schedule = Schedule::new(LIMITS);
    schedule.add((1, 0), Duration::ZERO);
    schedule.add((2, 0), Duration::ZERO);
    assert_eq!(schedule.next(ms(0)), Next::Send((1, 0)));
    schedule.put_back((1, 0), ms(5_000), ms(10));
    assert_eq!(schedule.next(ms(10)), Next::Send((2, 0)));
    schedule.done(2, ms(20));
    assert_eq!(schedule.next(ms(4_999)), Next::Wait(ms(5_000)));
    schedule.freeze_bot(ms(9_000));
    schedule.add((2, 1), ms(20));
    assert!(matches!(schedule.next(ms(6_000)), Next::Wait(until) if until >= ms(9_000)));
    assert!(matches!(schedule.next(ms(9_001)), Next::Send(..)));
}

#[test]
fn a_chat_that_has_rested_is_forgotten() {
    let mut schedule = Schedule::new(LIMITS);
    schedule.add((1, 0), Duration::ZERO);
    assert_eq!(schedule.next(ms(0)), Next::Send((1, 0)));
    schedule.done(1, ms(1));
    assert_eq!(schedule.chats.len(), 1);
    assert_eq!(schedule.next(ms(10_000)), Next::Idle);
    assert_eq!((schedule.chats.len(), schedule.later.len()), (0, 0));
}
