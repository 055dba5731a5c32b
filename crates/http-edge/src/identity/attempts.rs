//! How often somebody may guess.
//!
//! An attempt is counted before the password is looked at, so that many at once are not more than many one
//! after another; the right password takes it back. Some failures are free; after them each further attempt
//! has to wait, twice as long each time, never longer than five minutes. Nothing is ever locked.
//!
//! Three things are counted, and each is looked at: the account from this network, the account from
//! everywhere, and the network. Whoever has signed in to an account from a network lately is not kept out by
//! what others do elsewhere: there the second one does not count. Kept per instance of the edge.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use events::users::Listener;

use crate::client_address::network;

/// Who tries.
#[derive(Debug, Clone)]
pub(crate) struct Who {
    listener: Listener,
    /// E.164; or what was typed, when no network could have such a number.
    phone: String,
    network: IpAddr,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    Here(Listener, String, IpAddr),
    Everywhere(Listener, String),
    Network(IpAddr),
}

#[derive(Debug, Clone, Copy)]
struct Count {
    failures: u32,
    last: Instant,
}

#[derive(Debug, Default)]
pub(crate) struct Attempts {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    counts: HashMap<Key, Count>,
    /// Where somebody has signed in to an account, and when last.
    known: HashMap<Key, Instant>,
}

/// Failures that cost nothing.
const FREE_HERE: u32 = 5;
const FREE_EVERYWHERE: u32 = 20;
/// Offices and mobile networks share an address.
const FREE_NETWORK: u32 = 50;
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(300);
/// After this long without a failure all are forgotten.
const FORGET: Duration = Duration::from_secs(3_600);
/// For so long a network is known after a sign-in from it.
const KNOWN: Duration = Duration::from_secs(30 * 24 * 3_600);
/// Entries of either kind.
const MOST: usize = 20_000;
const TYPED: usize = 40;

impl Who {
    /// `phone` as it could be read, `typed` as it was typed.
    pub(crate) fn new(listener: Listener, phone: Option<&str>, typed: &str, address: IpAddr) -> Self {
        let phone = phone.map_or_else(|| typed.trim().chars().take(TYPED).collect(), str::to_owned);
        Self { listener, phone, network: network(address) }
    }

    fn here(&self) -> Key {
        Key::Here(self.listener, self.phone.clone(), self.network)
    }

    fn everywhere(&self) -> Key {
        Key::Everywhere(self.listener, self.phone.clone())
    }
}

impl Attempts {
    /// Counts an attempt; or says how long to wait before the next one, which is then not counted.
    pub(crate) fn begin(&self, who: &Who, now: Instant) -> Result<(), Duration> {
        let mut state = self.lock();
        let keys = state.keys(who, now);
        let wait = keys.iter().filter_map(|(key, free)| state.wait(key, *free, now)).max();
        if let Some(wait) = wait {
            return Err(wait);
        }
        state.make_room(now);
        for (key, _) in keys {
            let count = state.counts.entry(key).or_insert(Count { failures: 0, last: now });
            if now.duration_since(count.last) >= FORGET {
                count.failures = 0;
            }
            count.failures += 1;
            count.last = now;
        }
        Ok(())
    }

    /// It was the right password: what was wrong before from here is forgotten, and only this attempt
    /// elsewhere, or one account of one's own would open the network for guesses at others.
    pub(crate) fn succeeded(&self, who: &Who, now: Instant) {
        let mut state = self.lock();
        state.counts.remove(&who.here());
        state.take_back(&who.everywhere());
        state.take_back(&Key::Network(who.network));
        state.known.insert(who.here(), now);
    }

    /// The password was never compared, for a reason of ours.
    pub(crate) fn undecided(&self, who: &Who) {
        let mut state = self.lock();
        for key in [who.here(), who.everywhere(), Key::Network(who.network)] {
            state.take_back(&key);
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// What counts for this attempt, each with the failures that are free.
    fn keys(&self, who: &Who, now: Instant) -> Vec<(Key, u32)> {
        let here = who.here();
        let known = self.known.get(&here).is_some_and(|last| now.duration_since(*last) < KNOWN);
        let mut keys = vec![(here, FREE_HERE), (Key::Network(who.network), FREE_NETWORK)];
        if !known {
            keys.push((who.everywhere(), FREE_EVERYWHERE));
        }
        keys
    }

    fn wait(&self, key: &Key, free: u32, now: Instant) -> Option<Duration> {
        let count = self.counts.get(key)?;
        let passed = now.duration_since(count.last);
        let beyond = count.failures.checked_sub(free)?;
        let whole = FIRST_WAIT.saturating_mul(1 << beyond.min(16)).min(LONGEST_WAIT);
        whole.checked_sub(passed).filter(|left| !left.is_zero())
    }

    fn take_back(&mut self, key: &Key) {
        if let Some(count) = self.counts.get_mut(key) {
            count.failures = count.failures.saturating_sub(1);
            if count.failures == 0 {
                self.counts.remove(key);
            }
        }
    }

    /// What is over goes first, then those with the fewest failures: many new names must not make a guessed
    /// one be forgotten.
    fn make_room(&mut self, now: Instant) {
        if self.counts.len() + 3 > MOST {
            self.counts.retain(|_, count| now.duration_since(count.last) < FORGET);
            if self.counts.len() + 3 > MOST {
                let mut failures: Vec<u32> = self.counts.values().map(|count| count.failures).collect();
                let (_, half, _) = failures.select_nth_unstable(MOST / 2);
                let half = *half;
                self.counts.retain(|_, count| count.failures > half);
            }
        }
        if self.known.len() >= MOST {
            self.known.retain(|_, last| now.duration_since(*last) < KNOWN);
            if self.known.len() >= MOST {
                self.known.clear();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn who(phone: &str, last: u8) -> Who {
        Who::new(Listener::Public, Some(phone), phone, IpAddr::from([192, 0, 2, last]))
    }

    #[test]
    fn waiting_grows_to_minutes_and_no_further_and_ends() {
        let (attempts, mut now) = (Attempts::default(), Instant::now());
        let anna = who("+79241242417", 1);
        for _ in 0..FREE_HERE {
            attempts.begin(&anna, now).unwrap();
        }
        let mut waits = Vec::new();
        for _ in 0..12 {
            let wait = attempts.begin(&anna, now).unwrap_err();
            assert_eq!(attempts.begin(&anna, now), Err(wait), "asking again does not make it longer");
            waits.push(wait.as_secs());
            now += wait;
            attempts.begin(&anna, now).unwrap();
        }
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]);
        now += FORGET;
        attempts.begin(&anna, now).unwrap();
        attempts.begin(&anna, now).unwrap();
    }

    #[test]
    fn many_at_once_are_not_more_than_one_after_another() {
        let (attempts, now) = (Attempts::default(), Instant::now());
        let counted = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..64)
                .map(|_| scope.spawn(|| attempts.begin(&who("+79241242417", 1), now).is_ok()))
                .collect();
            threads.into_iter().filter_map(|one| one.join().ok()).filter(|counted| *counted).count()
        });
        assert_eq!(counted, 5);
    }

    #[test]
    fn a_stranger_keeps_nobody_out_for_long_and_a_known_network_not_at_all() {
        let (attempts, mut now) = (Attempts::default(), Instant::now());
        let owner = who("+79241242417", 1);
        attempts.begin(&owner, now).unwrap();
        attempts.succeeded(&owner, now);
        // From many networks, as fast as it is let.
        for turn in 0..200_u32 {
            let stranger = who("+79241242417", 10 + u8::try_from(turn % 200).unwrap());
            if let Err(wait) = attempts.begin(&stranger, now) {
                now += wait;
                attempts.begin(&stranger, now).unwrap();
            }
        }
        assert!(attempts.begin(&who("+79241242417", 250), now).unwrap_err() <= LONGEST_WAIT);
        attempts.begin(&owner, now).expect("the owner comes in from home");
        attempts.begin(&who("+79241242418", 250), now).expect("another account is not harmed");
    }

    #[test]
    fn the_right_password_takes_back_its_own_attempt_only() {
        let (attempts, now) = (Attempts::default(), Instant::now());
        // One account of one's own does not open the network for guesses at others.
        for turn in 0..FREE_NETWORK {
            attempts.begin(&who(&format!("+7924{turn:07}"), 7), now).unwrap();
            let own = who("+79991112233", 7);
            if attempts.begin(&own, now).is_ok() {
                attempts.succeeded(&own, now);
            }
        }
        assert!(attempts.begin(&who("+79240009999", 7), now).is_err());
        let anna = who("+79241242417", 8);
        for _ in 0..100 {
            attempts.begin(&anna, now).unwrap();
            attempts.undecided(&anna);
        }
    }

    #[test]
    fn what_is_typed_is_told_apart_and_memory_is_bounded() {
        let (attempts, now) = (Attempts::default(), Instant::now());
        let typed =
            |text: &str, last: u8| Who::new(Listener::Public, None, text, IpAddr::from([192, 0, 2, last]));
        for _ in 0..FREE_HERE {
            attempts.begin(&typed("anna", 1), now).unwrap();
        }
        assert!(attempts.begin(&typed("anna ", 1), now).is_err());
        attempts.begin(&typed("boris", 1), now).expect("what is no phone is not all one");
        let backoffice = Who { listener: Listener::Backoffice, ..typed("anna", 1) };
        attempts.begin(&backoffice, now).expect("the other site has its own count");
        for index in 0..30_000_u32 {
            let [_, a, b, c] = index.to_be_bytes();
            let stranger = Who::new(Listener::Public, None, &index.to_string(), IpAddr::from([10, a, b, c]));
            let _ = attempts.begin(&stranger, now);
        }
        assert!(attempts.lock().counts.len() <= MOST);
        assert!(attempts.begin(&typed("anna", 1), now).is_err(), "many names do not make one forgotten");
    }
}
