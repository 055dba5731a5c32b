#[cfg(test)]
mod tests;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    time::Duration,
};

/// Puts updates that are brought side by side back into the order in which they happened: Telegram counts them
/// for this very purpose (Bot API, Update). Pure; times are durations since some beginning.
///
/// One that comes before an earlier one waits for it, but not for long: there may be none. And of one chat
/// nothing is let on while something earlier was refused and has not come again.
#[derive(Debug)]
pub(super) struct LineUp<T> {
    /// One above the newest that was let on.
    next: Option<i64>,
    waiting: BTreeMap<i64, Vec<(Duration, T)>>,
    /// By chat: what was refused, and when that was last.
    owed: HashMap<String, (BTreeSet<i64>, Duration)>,
}

/// How long one waits for those before it. Telegram brings them within moments of each other.
pub(super) const HOLD: Duration = Duration::from_millis(200);

/// What was refused and has not come again for so long does not come any more.
const OWED: Duration = Duration::from_secs(600);

/// After a week of silence Telegram goes on counting anywhere; nothing comes again from so far back.
const FAR: i64 = 10_000;

impl<T> Default for LineUp<T> {
    fn default() -> Self {
        Self { next: None, waiting: BTreeMap::new(), owed: HashMap::new() }
    }
}

impl<T> LineUp<T> {
    pub(super) fn add(&mut self, id: i64, what: T, now: Duration) {
        if self.next.is_some_and(|next| id + FAR < next) {
            self.next = None;
        }
        self.waiting.entry(id).or_default().push((now, what));
    }

    /// What need not wait any longer, in order.
    pub(super) fn take(&mut self, now: Duration) -> Vec<(i64, T)> {
        let mut taken = Vec::new();
        while let Some(first) = self.waiting.first_entry() {
            let id = *first.key();
            let in_turn = self.next.is_some_and(|next| id <= next);
            let since = first.get().iter().map(|(since, _)| *since).min().unwrap_or_default();
            if !in_turn && since + HOLD > now {
                break;
            }
            taken.extend(first.remove().into_iter().map(|(_, what)| (id, what)));
            self.next = self.next.max(Some(id + 1));
        }
        taken
    }

    /// When the next may be taken, if nothing else comes.
    pub(super) fn due(&self) -> Option<Duration> {
        let (_, first) = self.waiting.first_key_value()?;
        first.iter().map(|(since, _)| *since + HOLD).min()
    }

    /// Whether the log may have this update of a chat now.
    pub(super) fn may(&mut self, chat: &str, id: i64, now: Duration) -> bool {
        if self.owed.get(chat).is_some_and(|(_, last)| *last + OWED <= now) {
            self.owed.remove(chat);
        }
        let first = self.owed.get(chat).and_then(|(ids, _)| ids.first());
        first.is_none_or(|first| id <= *first)
    }

    /// Telegram is to bring it again.
    pub(super) fn refused(&mut self, chat: &str, id: i64, now: Duration) {
        let (ids, last) = self.owed.entry(chat.to_owned()).or_default();
        ids.insert(id);
        *last = now;
    }

    /// The log has it.
    pub(super) fn done(&mut self, chat: &str, id: i64) {
        if let Some((ids, _)) = self.owed.get_mut(chat) {
            ids.remove(&id);
            if ids.is_empty() {
                self.owed.remove(chat);
            }
        }
    }
}
