use std::collections::HashMap;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

/// How fast the bot may send before it gets 429. Telegram's FAQ ("My bot is hitting limits")
/// names one message a second in a chat with short bursts, and about 30 a second overall; the
/// bursts allowed here are generous, as Telegram's own are not documented.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Limits {
    pub enabled: bool,
    pub chat_per_second: f64,
    pub chat_burst: f64,
    pub bot_per_second: f64,
    pub bot_burst: f64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { enabled: false, chat_per_second: 1.0, chat_burst: 20.0, bot_per_second: 30.0, bot_burst: 60.0 }
    }
}

#[derive(Debug, Default)]
pub(crate) struct Limiter {
    limits: Limits,
    bot: Option<Bucket>,
    chats: HashMap<i64, Bucket>,
}

#[derive(Clone, Copy, Debug)]
struct Bucket {
    tokens: f64,
    at: Instant,
}

impl Limiter {
    pub(crate) fn limits(&self) -> Limits {
        self.limits
    }

    /// New limits; what was used up so far is forgotten.
    pub(crate) fn set(&mut self, limits: Limits) {
        *self = Self { limits, ..Self::default() };
    }

    /// Counts one message to `chat_id`, or says how many whole seconds to wait instead.
    pub(crate) fn admit(&mut self, chat_id: i64, now: Instant) -> Result<(), u32> {
        let limits = self.limits;
        if !limits.enabled {
            return Ok(());
        }
        let full = |tokens| Bucket { tokens, at: now };
        let bot = self.bot.get_or_insert_with(|| full(limits.bot_burst));
        let chat = self.chats.entry(chat_id).or_insert_with(|| full(limits.chat_burst));
        bot.refill(limits.bot_per_second, limits.bot_burst, now);
        chat.refill(limits.chat_per_second, limits.chat_burst, now);
        let wait = bot.wait(limits.bot_per_second).max(chat.wait(limits.chat_per_second));
        if wait.is_zero() {
            bot.tokens -= 1.0;
            chat.tokens -= 1.0;
            return Ok(());
        }
        let rounded_up = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        Err(u32::try_from(rounded_up).unwrap_or(u32::MAX))
    }
}

impl Bucket {
    fn refill(&mut self, per_second: f64, burst: f64, now: Instant) {
        let passed = now.saturating_duration_since(self.at).as_secs_f64();
        self.tokens = (self.tokens + passed * per_second).min(burst);
        self.at = now;
    }

    fn wait(&self, per_second: f64) -> Duration {
        let missing = 1.0 - self.tokens;
        if missing <= 0.0 {
            return Duration::ZERO;
        }
        // An unusable rate waits an hour instead of panicking.
        Duration::try_from_secs_f64(missing / per_second).unwrap_or(Duration::from_secs(3600))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limiter(chat_burst: f64, bot_burst: f64) -> Limiter {
        let mut limiter = Limiter::default();
        limiter.set(Limits { enabled: true, chat_burst, bot_burst, ..Limits::default() });
        limiter
    }

    #[test]
    fn a_chat_takes_its_burst_and_then_one_a_second() {
        let mut limiter = limiter(2.0, 100.0);
        let start = Instant::now();
        assert_eq!(limiter.admit(1, start), Ok(()));
        assert_eq!(limiter.admit(1, start), Ok(()));
        assert_eq!(limiter.admit(1, start), Err(1));
        assert_eq!(limiter.admit(2, start), Ok(()), "another chat is free");
        let later = start + Duration::from_millis(1001);
        assert_eq!(limiter.admit(1, later), Ok(()));
        assert_eq!(limiter.admit(1, later), Err(1));
    }

    #[test]
    fn the_bot_as_a_whole_is_limited() {
        let mut limiter = limiter(10.0, 3.0);
        let start = Instant::now();
        for chat in 0..3 {
            assert_eq!(limiter.admit(chat, start), Ok(()));
        }
        assert_eq!(limiter.admit(9, start), Err(1));
    }

    #[test]
    fn switched_off_it_admits_all() {
        let mut limiter = Limiter::default();
        let now = Instant::now();
        assert!((0..10_000).all(|_| limiter.admit(1, now).is_ok()));
    }
}
