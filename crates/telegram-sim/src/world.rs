use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio_util::sync::CancellationToken;

use crate::config::Config;
use crate::state::State;
use crate::state::limiter::Limits;
use crate::state::user::{Bot, User};

/// What every handler works with: the state, and the sign to stop.
#[derive(Clone)]
pub(crate) struct World {
    state: Arc<Mutex<State>>,
    pub(crate) bot_token: Option<Arc<str>>,
    pub(crate) shutdown: CancellationToken,
}

impl World {
    pub(crate) fn new(config: &Config, shutdown: CancellationToken) -> Self {
        let id = config.bot_token.as_deref().and_then(bot_id);
        let mut state = State::new(Bot {
            id: id.unwrap_or(7_000_000_001),
            first_name: config.bot_name.clone(),
            username: config.bot_username.clone(),
        });
        state.limiter.set(Limits { enabled: config.enforce_limits, ..Limits::default() });
        Self {
            state: Arc::new(Mutex::new(state)),
            bot_token: config.bot_token.as_deref().map(Arc::from),
            shutdown,
        }
    }

    /// Never held across an await; every use is short. A panic elsewhere leaves the state as
    /// good as a simulation needs it.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Some people to play with, when there is nobody yet.
    pub(crate) fn add_people(&self) {
        let mut state = self.state();
        if state.accounts.is_empty() {
            for user in people() {
                state.put_user(user);
            }
        }
    }
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
