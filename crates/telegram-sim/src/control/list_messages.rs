use std::time::Duration;

use axum::Json;
use axum::extract::{Path, Query};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::{Instant, timeout_at};

use super::answer::Problem;
use super::of_bot::OfBot;
use crate::state::message::Message;
use crate::world::World;

const MOST: usize = 1000;
const LONGEST_WAIT_SECONDS: u64 = 60;

#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    /// Only messages with a higher id; without it the newest `limit` messages.
    after: Option<i32>,
    limit: Option<usize>,
    /// `bot` or `user`: only messages of that side.
    from: Option<From>,
    /// Seconds to wait until there is at least one.
    #[serde(default)]
    wait: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum From {
    Bot,
    User,
}

impl Asked {
    fn wants(&self, message: &Message) -> bool {
        self.from.is_none_or(|side| (side == From::Bot) == message.from_bot)
    }

    /// `None` when there is no such person.
    fn look(&self, world: &World, id: i64) -> Option<Vec<Message>> {
        let state = world.state();
        let account = state.accounts.get(&id)?;
        let limit = self.limit.unwrap_or(200).min(MOST);
        let found: Vec<Message> = match self.after {
            Some(after) => {
                let messages = account.messages_after(after).iter();
                let wanted = messages.filter(|message| self.wants(message));
                wanted.take(limit).cloned().collect()
            }
            None => {
                let messages = account.messages.iter().rev();
                let wanted = messages.filter(|message| self.wants(message));
                let mut newest: Vec<_> = wanted.take(limit).cloned().collect();
                newest.reverse();
                newest
            }
        };
        Some(found)
    }
}

/// The chat as the person sees it, oldest first; deleted messages are marked, not left out.
pub(super) async fn list_messages(
    OfBot(world): OfBot,
    Path(id): Path<i64>,
    Query(asked): Query<Asked>,
) -> Result<Json<Value>, Problem> {
    let wait = Duration::from_secs(asked.wait.min(LONGEST_WAIT_SECONDS));
    let deadline = Instant::now() + wait;
    let mut changes = world.state().signals.changed.subscribe();
    loop {
        changes.mark_unchanged();
        let found = asked.look(&world, id);
        let found = found.ok_or_else(|| Problem::not_found("no such user"))?;
        let done = !found.is_empty() || world.shutdown.is_cancelled();
        if done || timeout_at(deadline, changes.changed()).await.is_err() {
            return Ok(Json(json!({"messages": found})));
        }
    }
}
