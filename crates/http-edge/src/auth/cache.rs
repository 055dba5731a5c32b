use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use events::users::Listener;
use uuid::Uuid;

use super::Account;

/// Who was behind a cookie or token a moment ago, so that a busy caller is not looked up each time.
///
/// An entry is good for 5 s. The tail drops a user's entries as soon as the log says that they signed out,
/// have another role or password, or are shut out; what the log does not say (a revoked token) takes effect
/// within those 5 s.
#[derive(Debug, Default)]
pub(crate) struct CallerCache {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    entries: HashMap<[u8; 32], Entry>,
    /// How often a user was forgotten.
    forgotten: u64,
}

/// That what is looked up from here on is newer than what was forgotten before.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked(u64);

#[derive(Debug)]
struct Entry {
    user: Arc<Account>,
    until: Instant,
}

const GOOD_FOR: Duration = Duration::from_secs(5);
const MOST: usize = 10_000;

impl CallerCache {
    /// The key of a session: the same cookie value on the other listener is another key.
    pub(crate) const fn key(mut hash: [u8; 32], listener: Listener) -> [u8; 32] {
        if matches!(listener, Listener::Backoffice) {
            hash[0] ^= 1;
        }
        hash
    }

    pub(crate) fn get(&self, key: &[u8; 32]) -> Option<Arc<Account>> {
        let state = self.lock();
        let entry = state.entries.get(key)?;
        (entry.until > Instant::now()).then(|| Arc::clone(&entry.user))
    }

    /// To be called before the database is asked, and given to [`Self::put`] with the answer.
    pub(crate) fn asking(&self) -> Asked {
        Asked(self.lock().forgotten)
    }

    /// Remembers an answer, unless somebody was forgotten since it was asked for: it may be the one whom the
    /// database still knew then.
    pub(crate) fn put(&self, key: [u8; 32], user: Arc<Account>, asked: Asked) {
        let now = Instant::now();
        let mut state = self.lock();
        if state.forgotten != asked.0 {
            return;
        }
        let entries = &mut state.entries;
        if entries.len() >= MOST {
            entries.retain(|_, entry| entry.until > now);
            if entries.len() >= MOST {
                entries.clear();
            }
        }
        entries.insert(key, Entry { user, until: now + GOOD_FOR });
    }

    /// Forgets one cookie or token.
    pub(crate) fn forget(&self, key: &[u8; 32]) {
        let mut state = self.lock();
        state.entries.remove(key);
        state.forgotten += 1;
    }

    /// Forgets a user.
    pub(crate) fn forget_user(&self, user: Uuid) {
        let mut state = self.lock();
        state.entries.retain(|_, entry| entry.user.user.id != user);
        state.forgotten += 1;
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use events::users::Role;

    use super::*;

    #[test]
    fn it_stays_bounded_and_forgets_a_user_whole() {
        let cache = CallerCache::default();
        let user = store::users::User {
            id: Uuid::from_u128(1),
            phone: "+79241242417".into(),
            name: "Анна".into(),
            role: Role::Customer,
        };
        let user = Arc::new(Account { user, lang: None });
        for index in 0..=u64::try_from(MOST).unwrap() {
            let mut key = [0; 32];
            key[..8].copy_from_slice(&index.to_be_bytes());
            cache.put(key, Arc::clone(&user), cache.asking());
        }
        assert!(cache.lock().entries.len() <= MOST);
        let asked = cache.asking();
        cache.put([9; 32], Arc::clone(&user), asked);
        assert!(cache.get(&[9; 32]).is_some());
        cache.forget_user(Uuid::from_u128(1));
        assert!(cache.get(&[9; 32]).is_none());
        cache.put([9; 32], user, asked);
        assert!(cache.get(&[9; 32]).is_none(), "the answer is older than what was forgotten");
    }
}
