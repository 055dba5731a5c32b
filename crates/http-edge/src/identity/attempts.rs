//! How often somebody may guess.
//!
//! An attempt is counted before the password is looked at, so that many at once are not more than many one
//! after another; the right password takes it back. Some failures are free; after them each further attempt
//! has to wait, twice as long each time, never longer than five minutes, and half of them is forgotten as
//! time passes. Nothing is ever locked, and whoever was told to wait is let in when that wait is over,
//! although others have tried meanwhile.
//!
//! Three things are counted, and each is looked at: the account from this network, the account from
//! everywhere, and the network. Whoever has signed in to an account from a network lately is not kept out by
//! what others do: there the first one alone counts. Both sites count together, since the password is one.
//! Kept per instance of the edge.

mod count;

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use crate::client_address::network;
use count::{Count, Rule};

/// Who tries.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Who {
    /// E.164; or what was typed, when no network could have such a number.
    phone: String,
    network: IpAddr,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    Here(Who),
    Everywhere(String),
    Network(IpAddr),
}

#[derive(Debug, Default)]
pub(crate) struct Attempts {
    state: Mutex<State>,
}

/// An attempt that has begun. A failure, unless something better is said of it before it is dropped: whoever
/// hangs up has guessed too.
#[derive(Debug)]
#[must_use = "dropping it says that the password was wrong"]
pub(crate) struct Attempt<'a> {
    attempts: &'a Attempts,
    who: Who,
    /// What was raised for it, and is lowered again.
    raised: Vec<Key>,
    begun: Instant,
}

#[derive(Debug, Default)]
struct State {
    counts: HashMap<Key, Count>,
    /// Where somebody has signed in to an account, and when last.
    known: HashMap<Who, Instant>,
}

const HERE: Rule = Rule { free: 5, half_life: HOUR, promises: 1 };
const EVERYWHERE: Rule = Rule { free: 20, half_life: HOUR, promises: 10 };
/// Offices and mobile networks share an address: there somebody mistypes all the time.
const NETWORK: Rule = Rule { free: 50, half_life: Duration::from_secs(600), promises: 10 };
const HOUR: Duration = Duration::from_secs(3_600);
/// For so long a network is known after a sign-in from it.
const KNOWN: Duration = Duration::from_secs(30 * 24 * 3_600);
/// Entries of either kind.
const MOST: usize = 20_000;
const TYPED: usize = 40;

impl Who {
    /// `phone` as it could be read, `typed` as it was typed.
    pub(crate) fn new(phone: Option<&str>, typed: &str, address: IpAddr) -> Self {
        let phone = phone.map_or_else(|| typed.trim().chars().take(TYPED).collect(), str::to_owned);
        Self { phone, network: network(address) }
    }
}

impl Key {
    const fn rule(&self) -> Rule {
        match self {
            Self::Here(_) => HERE,
            Self::Everywhere(_) => EVERYWHERE,
            Self::Network(_) => NETWORK,
        }
    }
}

impl Attempts {
    /// Counts an attempt; or says how long to wait before the next one, which is then not counted. Whoever
    /// comes back after that is let in, unless many more wait for the same account or in the same network
    /// than can be promised anything.
    pub(crate) fn begin(&self, who: Who, now: Instant) -> Result<Attempt<'_>, Duration> {
        let mut state = self.lock();
        let raised = state.keys(&who, now);
        let wait =
            raised.iter().filter_map(|key| state.counts.get_mut(key)?.wait(&who, key.rule(), now)).max();
        if let Some(wait) = wait {
            return Err(wait);
        }
        state.make_room(now);
        for key in &raised {
            state.counts.entry(key.clone()).or_insert_with(|| Count::new(now)).begin(&who, now);
        }
        drop(state);
        Ok(Attempt { attempts: self, who, raised, begun: now })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Attempt<'_> {
    /// It was the right password: what was wrong before from here is forgotten, and only this attempt
    /// elsewhere, or one account of one's own would open the network for guesses at others.
    pub(crate) fn succeeded(mut self, now: Instant) {
        self.take_back(true);
        self.attempts.lock().known.insert(self.who.clone(), now);
    }

    /// The password was never compared, for a reason of ours.
    pub(crate) fn undecided(mut self) {
        self.take_back(false);
    }

    fn take_back(&mut self, forgive: bool) {
        let mut state = self.attempts.lock();
        for key in std::mem::take(&mut self.raised) {
            let Some(count) = state.counts.get_mut(&key) else { continue };
            count.take_back();
            if forgive && matches!(key, Key::Here(_)) {
                count.forgive();
            }
        }
    }
}

impl Drop for Attempt<'_> {
    fn drop(&mut self) {
        if self.raised.is_empty() {
            return;
        }
        let mut state = self.attempts.lock();
        for key in std::mem::take(&mut self.raised) {
            state.counts.entry(key).or_insert_with(|| Count::new(self.begun)).failed(self.begun);
        }
    }
}

impl State {
    /// What counts for this attempt.
    fn keys(&self, who: &Who, now: Instant) -> Vec<Key> {
        let mut keys = vec![Key::Here(who.clone())];
        if self.known.get(who).is_none_or(|last| now.duration_since(*last) >= KNOWN) {
            keys.extend([Key::Everywhere(who.phone.clone()), Key::Network(who.network)]);
        }
        keys
    }

    /// What is over goes first, then those with the fewest failures: many new names must not make a guessed
    /// one be forgotten.
    fn make_room(&mut self, now: Instant) {
        if self.counts.len() + 3 > MOST {
            self.counts.retain(|_, count| !count.is_over(now));
            if self.counts.len() + 3 > MOST {
                let mut weights: Vec<u32> = self.counts.values().map(Count::weight).collect();
                let (_, half, _) = weights.select_nth_unstable(MOST / 2);
                let half = *half;
                self.counts.retain(|_, count| count.weight() > half);
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
mod tests;
