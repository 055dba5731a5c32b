use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context;
use serde_json::Value;
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout_at};

use crate::phone::Phone;
use crate::state::call_log::Calls;
use crate::state::fault::Fault;
use crate::state::limiter::Limits;
use crate::state::message::Message;
use crate::state::user::User;
use crate::world::World;

/// A running simulated Telegram. Stops when dropped.
#[derive(Debug)]
pub struct Sim {
    world: World,
    address: SocketAddr,
    running: Option<JoinHandle<anyhow::Result<()>>>,
}

impl Sim {
    pub(crate) fn new(world: World, address: SocketAddr, running: JoinHandle<anyhow::Result<()>>) -> Self {
        let running = Some(running);
        Self { world, address, running }
    }

    /// Where the Bot API, the phone and the control API are: `http://127.0.0.1:<port>`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Another bot of the same Telegram, which is new if need be: what is asked of the answer is about that bot.
    #[must_use]
    pub fn bot(&self, id: i64) -> Self {
        Self { world: self.world.of(id), address: self.address, running: None }
    }

    /// The phone of the person with this id, who is created if need be.
    pub fn phone(&self, user_id: i64) -> Phone {
        if !self.world.state().accounts.contains_key(&user_id) {
            self.world.put_user(&User::numbered(user_id));
        }
        Phone::new(self.world.clone(), user_id)
    }

    /// Adds a person, or changes one.
    pub fn put_user(&self, user: &User) -> Phone {
        self.world.put_user(user);
        Phone::new(self.world.clone(), user.id)
    }

    /// Puts a fault into force; the number is for [`Sim::remove_fault`].
    pub fn add_fault(&self, fault: Fault) -> u64 {
        let mut state = self.world.state();
        let id = state.faults.add(fault);
        state.tell_faults();
        id
    }

    pub fn remove_fault(&self, id: u64) -> bool {
        let mut state = self.world.state();
        let removed = state.faults.remove(id);
        state.tell_faults();
        removed
    }

    pub fn clear_faults(&self) {
        let mut state = self.world.state();
        state.faults.clear();
        state.tell_faults();
    }

    pub fn set_limits(&self, limits: Limits) {
        self.world.state().limiter.set(limits);
    }

    /// Calls of a method so far, its name in any case.
    pub fn calls(&self, method: &str) -> Calls {
        self.world.state().calls.of(method)
    }

    pub fn all_calls(&self) -> BTreeMap<&'static str, Calls> {
        self.world.state().calls.all().clone()
    }

    /// Everything the bot ever sent, to anybody, in order: (chat, message).
    pub fn sent(&self) -> Vec<(i64, Message)> {
        let state = self.world.state();
        let sends = state.sends.iter();
        let message = |&(chat, id): &(i64, i32)| Some((chat, state.message(chat, id)?.clone()));
        sends.filter_map(message).collect()
    }

    /// Updates the bot has not confirmed.
    pub fn updates_pending(&self) -> usize {
        self.world.state().updates.len()
    }

    /// The id the next update will get.
    pub fn next_update_id(&self) -> u32 {
        self.world.state().updates.next_id()
    }

    /// What last went wrong with the webhook, as `getWebhookInfo` tells it.
    pub fn webhook_error(&self) -> Option<String> {
        let state = self.world.state();
        let (_, words) = state.webhook.as_ref()?.last_error.as_ref()?;
        Some(words.clone())
    }

    /// The bot's commands as people of a language see them, each with what it is for; `""` is for all who have
    /// no list of their own.
    pub fn commands(&self, language: &str) -> Vec<(String, String)> {
        let word = |command: &Value, member: &str| command[member].as_str().unwrap_or_default().to_owned();
        let list = self.world.state().menus.of(language);
        let list = list.as_array().map(Vec::as_slice).unwrap_or_default();
        list.iter().map(|one| (word(one, "command"), word(one, "description"))).collect()
    }

    /// Answers the poll that waits, if any, with nothing, as if its time were up.
    pub fn end_poll(&self) {
        let mut state = self.world.state();
        state.updates.end_poll();
        state.signals.updates.send_modify(|count| *count += 1);
    }

    /// Gives the next update this id, as Telegram may after a week without any: also a smaller one.
    pub fn count_updates_from(&self, next_id: u32) {
        self.world.state().updates.count_from(next_id);
    }

    /// Adds an update of any kind, for example one no library knows yet. `None` when the bot
    /// did not ask for that kind.
    pub fn push_update(&self, kind: &str, body: &serde_json::Value) -> Option<u32> {
        self.world.state().push_update(kind, &body.to_string())
    }

    /// Looks again after every change until `look` finds something.
    ///
    /// # Errors
    /// Nothing was found in time; the error says what was waited for.
    pub async fn wait_for<T>(
        &self,
        what: &str,
        within: Duration,
        look: impl FnMut(&Self) -> Option<T>,
    ) -> anyhow::Result<T> {
        let mut look = look;
        wait(&self.world, what, within, || look(self)).await
    }

    /// Stops and waits until everything is written.
    ///
    /// # Errors
    /// Whatever ended the server other than being told to stop.
    pub async fn stop(mut self) -> anyhow::Result<()> {
        if self.running.is_some() {
            self.world.shutdown.cancel();
        }
        match self.running.take() {
            Some(running) => running.await.context("the simulation panicked")?,
            None => Ok(()),
        }
    }
}

impl Drop for Sim {
    fn drop(&mut self) {
        // A view of one bot ends nothing.
        if self.running.is_some() {
            self.world.shutdown.cancel();
        }
    }
}

/// Looks, and looks again after every change.
pub(crate) async fn wait<T>(
    world: &World,
    what: &str,
    within: Duration,
    mut look: impl FnMut() -> Option<T>,
) -> anyhow::Result<T> {
    let deadline = Instant::now() + within;
    let mut changes = world.state().signals.changed.subscribe();
    loop {
        changes.mark_unchanged();
        if let Some(found) = look() {
            return Ok(found);
        }
        if timeout_at(deadline, changes.changed()).await.is_err() {
            anyhow::bail!("within {within:?} there was no {what}");
        }
    }
}
