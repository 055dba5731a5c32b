use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use super::answer::{Answer, Refusal};
use super::params::Params;
use crate::state::update_queue::UpdateQueue;
use crate::world::World;

const MOST: i64 = 100;
const LONGEST_SECONDS: i64 = 50;

/// Long polling. A newer call ends an older one that still waits, which then gets 409.
pub(super) async fn get_updates(world: &World, params: &Params) -> Answer {
    let limit = params.integer("limit").unwrap_or(MOST).clamp(1, MOST);
    let limit = usize::try_from(limit).unwrap_or(1);
    let seconds = params.integer("timeout").unwrap_or(0);
    let seconds = u64::try_from(seconds.clamp(0, LONGEST_SECONDS)).unwrap_or(0);
    let deadline = Instant::now() + Duration::from_secs(seconds);

    let (poll, mut arrivals) = begin(world, params)?;
    loop {
        {
            let state = world.state();
            if !state.updates.is_newest_poll(poll) {
                return Err(Refusal::conflict(
                    "terminated by other getUpdates request; \
                     make sure that only one bot instance is running",
                ));
            }
            if state.updates.len() > 0 {
                return Ok(first(&state.updates, limit));
            }
            if state.updates.is_ended(poll) {
                return Ok("[]".into());
            }
            // Seen under the lock, so that nothing arriving from now on is missed.
            arrivals.mark_unchanged();
        }
        tokio::select! {
            waited = timeout_at(deadline, arrivals.changed()) => if waited.is_err() {
                return Ok("[]".into());
            },
            () = world.shutdown.cancelled() => return Ok("[]".into()),
        }
    }
}

/// Confirms what the offset confirms and takes over from an older poll.
fn begin(world: &World, params: &Params) -> Result<(u64, tokio::sync::watch::Receiver<u64>), Refusal> {
    let mut state = world.state();
    if state.webhook.is_some() {
        return Err(Refusal::conflict(
            "can't use getUpdates method while webhook is active; \
             use deleteWebhook to delete the webhook first",
        ));
    }
    if let Some(kinds) = params.strings("allowed_updates") {
        state.updates.allow(kinds);
    }
    if let Some(offset) = params.integer("offset").filter(|offset| *offset != 0) {
        state.confirm_updates(offset);
    }
    let poll = state.updates.begin_poll();
    state.signals.updates.send_modify(|count| *count += 1);
    Ok((poll, state.signals.updates.subscribe()))
}

/// The updates are JSON already; they are only strung together.
fn first(updates: &UpdateQueue, limit: usize) -> String {
    let size: usize = updates.first(limit).map(|u| u.json.get().len() + 1).sum();
    let mut list = String::with_capacity(size + 2);
    list.push('[');
    for (at, update) in updates.first(limit).enumerate() {
        if at > 0 {
            list.push(',');
        }
        list.push_str(update.json.get());
    }
    list.push(']');
    list
}
