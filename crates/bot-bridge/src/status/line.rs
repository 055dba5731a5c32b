use frankenstein::Error;
use tokio::sync::watch;

use super::{BotStatus, LastError, Mode, State};
use crate::telegram::reason;

/// Where the parts that hear from Telegram say so.
pub(crate) struct Line(watch::Sender<BotStatus>);

/// Why updates do not come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Trouble {
    pub(crate) state: State,
    pub(crate) words: String,
}

impl Line {
    pub(crate) fn new(mode: Mode) -> Self {
        Self(watch::Sender::new(BotStatus {
            mode,
            state: State::Starting,
            last_update_at: None,
            last_poll_at: None,
            pending: None,
            last_error: None,
            behind_since: None,
        }))
    }

    pub(crate) fn status(&self) -> BotStatus {
        self.0.borrow().clone()
    }

    /// Changes that cannot wait for the next report.
    pub(crate) fn changes(&self) -> watch::Receiver<BotStatus> {
        self.0.subscribe()
    }

    /// A new beginning: what was known of the line may be long ago.
    pub(crate) fn starts(&self) {
        self.0.send_modify(|status| status.state = State::Starting);
    }

    pub(crate) fn stops(&self) {
        self.0.send_modify(|status| status.state = State::Stopped);
    }

    /// Telegram has answered, and nothing is in the way.
    pub(crate) fn heard(&self) {
        self.0.send_if_modified(|status| {
            status.last_poll_at = Some(events::now());
            status.behind_since = None;
            std::mem::replace(&mut status.state, State::Ok) != State::Ok
        });
    }

    /// The log has taken updates.
    pub(crate) fn took(&self) {
        self.heard();
        self.0.send_if_modified(|status| {
            status.last_update_at = Some(events::now());
            false
        });
    }

    pub(crate) fn pending(&self, count: u64) {
        self.0.send_if_modified(|status| status.pending.replace(count) != Some(count));
    }

    pub(crate) fn in_trouble(&self, trouble: &Trouble) {
        self.0.send_if_modified(|status| {
            let now = events::now();
            let words = &trouble.words;
            let is_new = status.state != trouble.state
                || status.last_error.as_ref().is_none_or(|last| last.words != *words);
            status.state = trouble.state;
            status.last_error = Some(LastError { code: trouble.state.name(), words: words.clone(), at: now });
            // What came since the last good answer may be waiting.
            let since = status.last_poll_at.unwrap_or(now);
            status.behind_since.get_or_insert(since);
            is_new
        });
    }
}

impl Trouble {
    pub(crate) fn of(error: &Error) -> Self {
        let state = match error {
            Error::Api(refusal) => match refusal.error_code {
                401 | 404 => State::Unauthorized,
                409 => State::Conflict,
                500.. => State::Unreachable,
                _ => State::Refused,
            },
            _ => State::Unreachable,
        };
        Self { state, words: reason(error) }
    }

    /// Updates that should be brought are not.
    pub(crate) const fn of_webhook(words: String) -> Self {
        Self { state: State::WebhookFailing, words }
    }

    pub(crate) fn of_log(error: &impl std::fmt::Display) -> Self {
        Self { state: State::LogUnavailable, words: format!("the log does not take updates: {error}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trouble(state: State, words: &str) -> Trouble {
        Trouble { state, words: words.into() }
    }

    #[test]
    fn trouble_is_said_once_until_it_changes_and_counts_from_the_last_good_answer() {
        let line = Line::new(Mode::Polling);
        let mut changes = line.changes();
        changes.mark_unchanged();
        let mut changed = || {
            let changed = changes.has_changed().unwrap();
            changes.mark_unchanged();
            changed
        };
        line.heard();
        assert!(changed(), "from starting to ok");
        line.took();
        assert!(!changed(), "that something came is no change");
        let heard = line.status().last_poll_at;
        line.in_trouble(&trouble(State::Conflict, "another"));
        assert!(changed());
        line.in_trouble(&trouble(State::Conflict, "another"));
        assert!(!changed(), "the same again");
        line.in_trouble(&trouble(State::Unreachable, "no connection"));
        assert!(changed());
        assert_eq!(line.status().behind_since, heard);
        assert_eq!(line.status().last_error.unwrap().code, "unreachable");
        line.heard();
        let status = line.status();
        assert!(changed());
        assert_eq!((status.state, status.behind_since), (State::Ok, None));
        assert!(status.last_error.is_some(), "what it was stays known");
    }

    #[test]
    fn a_state_is_called_by_its_name() {
        for state in
            [State::Starting, State::Ok, State::LogUnavailable, State::WebhookFailing, State::Stopped]
        {
            assert_eq!(serde_json::to_value(state).unwrap(), state.name());
        }
    }
}
