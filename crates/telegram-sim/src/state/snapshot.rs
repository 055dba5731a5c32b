//! What of the state outlives a restart.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::State;
use super::account::Account;
use super::file_store::{FileStore, Index};
use super::menus::Menus;
use super::message::Message;
use super::update_queue::Update;
use super::user::User;
use super::webhook::Webhook;

/// Messages kept of each chat.
const KEPT: usize = 1000;

/// A crash may lose the last moments before it; ids skip this far ahead so that none of those
/// moments' ids is given out twice.
const SKIP: u32 = 100_000;

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Snapshot {
    next_update_id: u32,
    next_message_id: i32,
    /// Written by an orderly shutdown: nothing is missing, nothing needs skipping.
    complete: bool,
    accounts: Vec<Kept>,
    updates: Vec<(u32, Box<RawValue>)>,
    pub(crate) files: Index,
    #[serde(default)]
    menus: Menus,
    webhook: Option<Webhook>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    user: User,
    started: bool,
    blocked: bool,
    messages: Vec<Message>,
}

impl State {
    pub(crate) fn snapshot(&self, complete: bool) -> Snapshot {
        let kept = |account: &Account| {
            let from = account.messages.len().saturating_sub(KEPT);
            Kept {
                user: account.user.clone(),
                started: account.started,
                blocked: account.blocked,
                messages: account.messages[from..].to_vec(),
            }
        };
        Snapshot {
            next_update_id: self.updates.next_id(),
            next_message_id: self.next_message_id,
            complete,
            accounts: self.accounts.values().map(kept).collect(),
            updates: self.updates.first(usize::MAX).map(|update| (update.id, update.json.clone())).collect(),
            files: self.files.index(),
            menus: self.menus.clone(),
            webhook: self.webhook.clone(),
        }
    }

    /// Takes up where the snapshot left off. Ids end up at or above both the remembered ones
    /// and those of a fresh start.
    pub(crate) fn resume(&mut self, snapshot: Snapshot) {
        let skip = if snapshot.complete { 0 } else { SKIP };
        let updates = snapshot.updates.into_iter().map(|(id, json)| Update { id, json }).collect();
        self.updates.resume(snapshot.next_update_id.saturating_add(skip), updates);
        let skip = i32::try_from(skip).unwrap_or_default();
        self.next_message_id = self.next_message_id.max(snapshot.next_message_id.saturating_add(skip));
        for kept in snapshot.accounts {
            let account = Account {
                started: kept.started,
                blocked: kept.blocked,
                messages: kept.messages,
                ..Account::of(kept.user)
            };
            self.accounts.insert(account.user.id, account);
        }
        self.files = FileStore::resume(snapshot.files);
        self.menus = snapshot.menus;
        self.webhook = snapshot.webhook;
    }
}
