//! Who is told that something changed: waiting polls, waiting tests, open phone pages.

use serde_json::{Value, json};
use tokio::sync::{broadcast, watch};

use super::account::Account;
use super::message::Message;

/// How far a phone page may fall behind before it has to load everything anew.
const PAGE_BACKLOG: usize = 1024;

#[derive(Debug)]
pub(crate) struct Signals {
    /// Counts changes of any kind.
    pub(crate) changed: watch::Sender<u64>,
    /// Counts updates added, and getUpdates calls that end older ones.
    pub(crate) updates: watch::Sender<u64>,
    pages: broadcast::Sender<Told>,
}

/// One event of a phone page's live stream.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    pub(crate) name: &'static str,
    pub(crate) data: String,
}

impl Told {
    pub(crate) fn new(name: &'static str, data: &Value) -> Self {
        let data = data.to_string();
        Self { name, data }
    }

    pub(crate) fn message(chat_id: i64, message: &Message) -> Option<Self> {
        let message = serde_json::to_value(message).ok()?;
        Some(Self::new("message", &json!({"chat_id": chat_id, "message": message})))
    }

    pub(crate) fn user(account: &Account) -> Option<Self> {
        Some(Self::new("user", &person(account)?))
    }
}

/// A person as the control API shows them.
pub(crate) fn person(account: &Account) -> Option<Value> {
    let mut person = serde_json::to_value(&account.user).ok()?;
    person["blocked"] = account.blocked.into();
    person["started"] = account.started.into();
    person["messages"] = account.messages.len().into();
    person["last_message"] = account
        .messages
        .iter()
        .rev()
        .find(|message| !message.deleted)
        .and_then(|message| serde_json::to_value(message).ok())
        .unwrap_or(Value::Null);
    Some(person)
}

impl Signals {
    /// Notes a change and tells the open pages, if there are any: the event is not even made
    /// when nobody looks.
    pub(crate) fn tell(&self, event: impl FnOnce() -> Option<Told>) {
        self.changed.send_modify(|count| *count += 1);
        if self.pages.receiver_count() > 0
            && let Some(event) = event()
        {
            // Fails only when the last page has just left.
            let _ = self.pages.send(event);
        }
    }

    pub(crate) fn listen(&self) -> broadcast::Receiver<Told> {
        self.pages.subscribe()
    }
}

impl Default for Signals {
    fn default() -> Self {
        Self {
            changed: watch::Sender::new(0),
            updates: watch::Sender::new(0),
            pages: broadcast::Sender::new(PAGE_BACKLOG),
        }
    }
}
