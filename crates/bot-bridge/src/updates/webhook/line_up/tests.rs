use std::collections::HashMap;

use proptest::prelude::*;

use super::*;

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

fn ids(taken: &[(i64, ())]) -> Vec<i64> {
    taken.iter().map(|(id, ())| *id).collect()
}

#[test]
fn what_comes_early_waits_for_what_is_before_it_and_not_for_ever() {
    let mut line_up = LineUp::default();
    line_up.add(12, (), ms(0));
    line_up.add(11, (), ms(5));
    assert!(line_up.take(ms(10)).is_empty(), "nobody knows yet where it begins");
    assert_eq!(line_up.due(), Some(ms(5) + HOLD));
    assert_eq!(ids(&line_up.take(ms(5) + HOLD)), [11, 12]);
    line_up.add(13, (), ms(300));
    assert_eq!(ids(&line_up.take(ms(300))), [13], "in its turn it need not wait");
    line_up.add(15, (), ms(400));
    assert!(line_up.take(ms(400)).is_empty());
    line_up.add(14, (), ms(450));
    assert_eq!(ids(&line_up.take(ms(450))), [14, 15]);
    line_up.add(20, (), ms(500));
    assert_eq!(ids(&line_up.take(ms(500) + HOLD)), [20], "16 to 19 never were");
    line_up.add(14, (), ms(800));
    assert_eq!(ids(&line_up.take(ms(800))), [14], "what comes again need not wait");
}

#[test]
fn counting_may_begin_anywhere_after_a_week() {
    let mut line_up = LineUp::default();
    line_up.add(1_000_000, (), ms(0));
    assert_eq!(ids(&line_up.take(HOLD)), [1_000_000]);
    line_up.add(8, (), ms(500));
    line_up.add(7, (), ms(510));
    assert_eq!(ids(&line_up.take(ms(510) + HOLD)), [7, 8]);
    line_up.add(9, (), ms(900));
    assert_eq!(ids(&line_up.take(ms(900))), [9]);
}

#[test]
fn what_never_comes_again_is_not_waited_for_for_ever() {
    let mut line_up = LineUp::<()>::default();
    line_up.refused("1", 5, ms(0));
    assert!(!line_up.may("1", 6, ms(1)) && line_up.may("1", 5, ms(1)) && line_up.may("2", 6, ms(1)));
    assert!(line_up.may("1", 6, OWED));
}

proptest! {
    /// Telegram brings up to so many at once in any order, and again what was refused; what it brings at once
    /// comes within moments. Each chat's updates get into the log in order all the same, and all of them do.
    #[test]
    fn a_chat_keeps_its_order_however_its_updates_are_brought(
        chats in prop::collection::vec(0..3_i64, 1..60),
        connections in 1..12_usize,
        luck in prop::collection::vec((0..100_usize, 0..100_u8), 200),
        faults in 0..60_u8,
    ) {
        let mut pending: Vec<i64> = (0..i64::try_from(chats.len()).unwrap()).collect();
        let chat_of = |id: i64| chats[usize::try_from(id).unwrap()].to_string();
        let mut luck = luck.into_iter().cycle();
        let mut line_up = LineUp::default();
        let mut log: HashMap<String, Vec<i64>> = HashMap::new();
        let mut now = ms(0);
        for round in 0.. {
            prop_assert!(round < 2_000, "{pending:?} never come");
            if pending.is_empty() {
                break;
            }
            let mut brought: Vec<i64> = pending.iter().copied().take(connections).collect();
            while !brought.is_empty() {
                let (place, _) = luck.next().unwrap();
                line_up.add(brought.swap_remove(place % brought.len()), (), now);
                now += ms(3);
            }
            now += HOLD;
            // All of them at once, as one batch that the broker takes up to some point.
            let faults = if round < 500 { faults } else { 0 };
            for (id, ()) in line_up.take(now) {
                let chat = chat_of(id);
                let (_, chance) = luck.next().unwrap();
                if line_up.may(&chat, id, now) && chance >= faults {
                    line_up.done(&chat, id);
                    log.entry(chat).or_default().push(id);
                    pending.retain(|other| *other != id);
                } else {
                    line_up.refused(&chat, id, now);
                }
            }
            prop_assert!(line_up.take(now).is_empty() && line_up.due().is_none());
        }
        prop_assert!(log.values().all(|ids| ids.is_sorted()), "{log:?}");
    }
}
