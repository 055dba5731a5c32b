//! Telegram as it is right now: people, their chats with the bot, updates not yet fetched.

pub(crate) mod account;
pub(crate) mod block;
pub(crate) mod call_log;
pub(crate) mod deliver;
pub(crate) mod draft;
pub(crate) mod fault;
pub(crate) mod file_store;
pub(crate) mod limiter;
pub(crate) mod menus;
pub(crate) mod message;
pub(crate) mod receive;
pub(crate) mod signals;
pub(crate) mod snapshot;
pub(crate) mod update_queue;
pub(crate) mod user;
pub(crate) mod webhook;
pub(crate) mod wire;

use std::collections::BTreeMap;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use account::Account;
use call_log::CallLog;
use fault::{Effect, FaultList, When};
use file_store::FileStore;
use limiter::Limiter;
use menus::Menus;
use message::Message;
use signals::{Signals, Told};
use update_queue::UpdateQueue;
use user::{Bot, User};
use webhook::Webhook;

#[derive(Debug)]
pub(crate) struct State {
    pub(crate) bot: Bot,
    /// Somebody has said which bot it is.
    pub(crate) is_called: bool,
    pub(crate) accounts: BTreeMap<i64, Account>,
    pub(crate) updates: UpdateQueue,
    pub(crate) files: FileStore,
    pub(crate) faults: FaultList,
    pub(crate) limiter: Limiter,
    pub(crate) calls: CallLog,
    /// Every message the bot sent, in order: (chat, message id).
    pub(crate) sends: Vec<(i64, i32)>,
    pub(crate) webhook: Option<Webhook>,
    pub(crate) menus: Menus,
    pub(crate) signals: Signals,
    next_message_id: i32,
    next_album: u64,
}

impl State {
    pub(crate) fn new(bot: Bot) -> Self {
        let (update_id, message_id) = first_ids(now_ms());
        Self {
            bot,
            is_called: false,
            accounts: BTreeMap::new(),
            updates: UpdateQueue::starting_at(update_id),
            files: FileStore::default(),
            faults: FaultList::default(),
            limiter: Limiter::default(),
            calls: CallLog::default(),
            sends: Vec::new(),
            webhook: None,
            menus: Menus::default(),
            signals: Signals::default(),
            next_message_id: message_id,
            next_album: 1,
        }
    }

    /// Adds a person, or changes what is known of one; everything else of the chat stays.
    pub(crate) fn put_user(&mut self, user: User) {
        let id = user.id;
        match self.accounts.get_mut(&id) {
            Some(account) => account.user = user,
            None => {
                self.accounts.insert(id, Account::of(user));
            }
        }
        self.tell_user(id);
    }

    /// The next free id for somebody new.
    pub(crate) fn free_user_id(&self) -> i64 {
        const FIRST: i64 = 700_000_001;
        const LAST: i64 = 799_999_999;
        self.accounts.range(FIRST..=LAST).next_back().map_or(FIRST, |(id, _)| id + 1)
    }

    pub(crate) fn message(&self, chat_id: i64, message_id: i32) -> Option<&Message> {
        self.accounts.get(&chat_id)?.message(message_id)
    }

    /// An id for messages that belong to one album.
    pub(crate) fn album_id(&mut self) -> String {
        let id = self.next_album;
        self.next_album += 1;
        format!("{}{id:04}", now_ms())
    }

    /// One counter for all private chats of the bot, as in Telegram.
    fn take_message_id(&mut self) -> i32 {
        let id = self.next_message_id;
        self.next_message_id += 1;
        id
    }

    fn tell_message(&self, chat_id: i64, message_id: i32) {
        self.signals.tell(|| {
            let message = self.message(chat_id, message_id)?;
            Told::message(chat_id, message)
        });
    }

    /// The bot as the phone shows it.
    pub(crate) fn shown_bot(&self) -> Value {
        let mut bot = self.bot.as_sender();
        bot["commands"] = self.menus.of("");
        bot["menus"] = json!(self.menus);
        bot
    }

    /// Forgets what `offset` confirms, as `getUpdates` does.
    pub(crate) fn confirm_updates(&mut self, offset: i64) {
        self.updates.confirm(offset);
        self.signals.tell(|| None);
    }

    /// Forgets an update that a webhook has taken.
    pub(crate) fn taken(&mut self, id: u32) {
        self.updates.confirm_one(id);
        self.signals.tell(|| None);
    }

    /// What faults do to this call; those used up are gone from the pages, too.
    pub(crate) fn strike(&mut self, method: &str, chat_id: Option<i64>) -> Vec<(When, Effect)> {
        let struck = self.faults.strike(method, chat_id);
        if !struck.is_empty() {
            self.tell_faults();
        }
        struck
    }

    pub(crate) fn tell_faults(&self) {
        self.signals.tell(|| Some(Told::new("faults", &json!(self.faults.list()))));
    }

    pub(crate) fn tell_user(&self, id: i64) {
        self.signals.tell(|| Told::user(self.accounts.get(&id)?));
    }
}

/// Milliseconds since 1970 in UTC.
pub(crate) fn now_ms() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// Where ids start when nothing is remembered, so that a restart never repeats one:
/// sixteen updates and two messages for every second since 2025. Both fit the 32 bits that
/// client libraries give them until the thirties.
fn first_ids(now_ms: i64) -> (u32, i32) {
    const START_OF_2025: i64 = 1_735_689_600;
    let seconds = (now_ms / 1000 - START_OF_2025).max(1);
    (u32::try_from(seconds * 16).unwrap_or(1), i32::try_from(seconds * 2).unwrap_or(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_a_later_start_are_higher() {
        let (update, message) = first_ids(1_795_000_000_000);
        let (later_update, later_message) = first_ids(1_795_000_001_000);
        assert!(later_update > update && later_message > message);
        assert!(update > 1);
    }
}
