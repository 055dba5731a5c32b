use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::config::Config;
use crate::state::State;
use crate::state::limiter::Limits;
use crate::state::signals::Told;
use crate::state::user::{Bot, User};

/// What every handler works with: the state of one bot, those of the others, and the sign to stop.
#[derive(Clone)]
pub(crate) struct World {
    state: Arc<Mutex<State>>,
    /// The bot that was there first. Without a token of its own it is whoever calls first.
    first: Arc<Mutex<State>>,
    others: Arc<Mutex<BTreeMap<i64, Arc<Mutex<State>>>>>,
    /// The only ones to accept; any when there are none.
    tokens: Arc<[Box<str>]>,
    enforce_limits: bool,
    pub(crate) shutdown: CancellationToken,
}

impl World {
    pub(crate) fn new(config: &Config, shutdown: CancellationToken) -> Self {
        let tokens: Arc<[Box<str>]> = config.bot_token.iter().flat_map(|tokens| split(tokens)).collect();
        let id = tokens.first().and_then(|token| bot_id(token));
        let mut state = State::new(Bot {
            id: id.unwrap_or(7_000_000_001),
            first_name: config.bot_name.clone(),
            username: config.bot_username.clone(),
        });
        state.is_called = id.is_some();
        state.limiter.set(limits(config.enforce_limits));
        let first = Arc::new(Mutex::new(state));
        let world = Self {
            state: Arc::clone(&first),
            first,
            others: Arc::default(),
            tokens,
            enforce_limits: config.enforce_limits,
            shutdown,
        };
        for id in world.tokens.iter().skip(1).filter_map(|token| bot_id(token)) {
            world.of(id);
        }
        world
    }

    /// Never held across an await; every use is short. A panic elsewhere leaves the state as
    /// good as a simulation needs it.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    /// The world of the bot with this token, if it is one.
    pub(crate) fn of_token(&self, token: &str) -> Option<Self> {
        if !self.tokens.is_empty() && !self.tokens.iter().any(|right| **right == *token) {
            return None;
        }
        Some(bot_id(token).map_or_else(|| self.clone(), |id| self.of(id)))
    }

    /// The world of the bot with this id, which is new if need be: its own chats and updates, limits and
    /// faults, with the people that everybody knows.
    pub(crate) fn of(&self, id: i64) -> Self {
        let mut others = lock(&self.others);
        let mut first = lock(&self.first);
        if !first.is_called {
            first.is_called = true;
            first.bot.id = id;
        }
        if first.bot.id == id {
            return Self { state: Arc::clone(&self.first), ..self.clone() };
        }
        if let Some(state) = others.get(&id) {
            return Self { state: Arc::clone(state), ..self.clone() };
        }
        let mut state = State::new(Bot {
            id,
            first_name: format!("{} {}", first.bot.first_name, others.len() + 2),
            username: format!("operator_{id}_bot"),
        });
        state.limiter.set(limits(self.enforce_limits));
        first.accounts.values().for_each(|account| state.put_user(account.user.clone()));
        let state = Arc::new(Mutex::new(state));
        others.insert(id, Arc::clone(&state));
        first.signals.tell(|| Some(Told::new("reload", &json!({}))));
        Self { state, ..self.clone() }
    }

    /// As [`Self::of`], when there is such a bot.
    pub(crate) fn known(&self, id: i64) -> Option<Self> {
        self.bots().into_iter().find(|world| world.state().bot.id == id)
    }

    /// The worlds of all bots.
    pub(crate) fn bots(&self) -> Vec<Self> {
        let first = Self { state: Arc::clone(&self.first), ..self.clone() };
        std::iter::once(first).chain(self.others().into_iter().map(|(_, world)| world)).collect()
    }

    /// The worlds of all but the first, by their ids.
    pub(crate) fn others(&self) -> Vec<(i64, Self)> {
        let others = lock(&self.others);
        let world = |state: &Arc<Mutex<State>>| Self { state: Arc::clone(state), ..self.clone() };
        others.iter().map(|(id, state)| (*id, world(state))).collect()
    }

    /// Adds a person, or changes one, for every bot.
    pub(crate) fn put_user(&self, user: &User) {
        for world in self.bots() {
            world.state().put_user(user.clone());
        }
    }

    /// Some people to play with, when there is nobody yet.
    pub(crate) fn add_people(&self) {
        if self.state().accounts.is_empty() {
            for user in people() {
                self.put_user(&user);
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn limits(enabled: bool) -> Limits {
    Limits { enabled, ..Limits::default() }
}

/// Tokens, separated by commas or spaces.
fn split(tokens: &str) -> impl Iterator<Item = Box<str>> {
    let words = tokens.split(|c: char| c == ',' || c.is_whitespace());
    words.filter(|word| !word.is_empty()).map(Box::from)
}

impl fmt::Debug for World {
    /// Neither the token nor everybody's messages.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("World").finish_non_exhaustive()
    }
}

/// The number before the colon of a token is the bot's user id.
pub(crate) fn bot_id(token: &str) -> Option<i64> {
    token.split_once(':')?.0.parse().ok()
}

fn people() -> [User; 3] {
    let person = |id, first: &str, last: &str, username: &str, language: &str, phone: &str| User {
        id,
        first_name: first.into(),
        last_name: (!last.is_empty()).then(|| last.into()),
        username: (!username.is_empty()).then(|| username.into()),
        language_code: Some(language.into()),
        phone_number: Some(phone.into()),
    };
    [
        person(700_000_001, "Анна", "Смирнова", "anna_smirnova", "ru", "79241242417"),
        person(700_000_002, "Тимур", "", "", "ru", "79031112233"),
        person(700_000_003, "Kate", "Miller", "kate_m", "en", "447700900123"),
    ]
}
