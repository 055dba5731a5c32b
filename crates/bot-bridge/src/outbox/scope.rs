use std::{collections::BTreeMap, time::Duration};

use events::bus::retry::Backoff;

/// What a 429 is about. Telegram does not say, so this does: one chat's refusal freezes that chat; when
/// several chats are refused within a second it is the bot as a whole that is too fast, and it waits for
/// as long as the longest of them.
#[derive(Debug, Default)]
pub(super) struct Refusals {
    /// By chat: when it was refused, and until when.
    recent: BTreeMap<i64, (Duration, Duration)>,
    unreachable: u32,
}

/// Chats that are refused at once before it is taken for the bot's limit.
const WHOLE_BOT: usize = 3;
const WINDOW: Duration = Duration::from_secs(1);

const RECONNECT: Backoff = Backoff { first: Duration::from_millis(250), most: Duration::from_secs(30) };

impl Refusals {
    /// A chat was refused until some time; returns until when the whole bot should wait, if it should.
    pub(super) fn add(&mut self, chat_id: i64, now: Duration, until: Duration) -> Option<Duration> {
        self.recent.retain(|_, (at, _)| *at + WINDOW > now);
        self.recent.insert(chat_id, (now, until));
        if self.recent.len() < WHOLE_BOT {
            return None;
        }
        self.recent.values().map(|(_, until)| *until).max()
    }

    /// Telegram could not be reached; how long to wait before trying again.
    pub(super) fn unreachable(&mut self) -> Duration {
        self.unreachable += 1;
        RECONNECT.ceiling(self.unreachable)
    }

    pub(super) fn reached(&mut self) {
        self.unreachable = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(milliseconds: u64) -> Duration {
        Duration::from_millis(milliseconds)
    }

    #[test]
    fn one_chat_is_its_own_affair_and_three_at_once_are_the_bots() {
        let mut refusals = Refusals::default();
        assert_eq!(refusals.add(1, ms(0), ms(5_000)), None);
        assert_eq!(refusals.add(1, ms(100), ms(6_000)), None, "the same one again");
        assert_eq!(refusals.add(2, ms(200), ms(3_000)), None);
        assert_eq!(refusals.add(3, ms(300), ms(3_000)), Some(ms(6_000)));
    }

    #[test]
    fn chats_that_are_refused_one_by_one_do_not_add_up() {
        let mut refusals = Refusals::default();
        for chat in 0..10 {
            let now = ms(600 * chat);
            assert_eq!(refusals.add(chat.cast_signed(), now, now + ms(60_000)), None);
        }
    }
}
