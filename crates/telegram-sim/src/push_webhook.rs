//! Delivery of updates by webhook: as many at once as the bot allows, in no order.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use anyhow::Context;
use axum::http::header::CONTENT_TYPE;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

use crate::state::now_ms;
use crate::state::update_queue::Update;
use crate::state::webhook::Webhook;
use crate::world::World;

const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// Updates that are being pushed, or were refused: from when they may be tried (again), and how often they failed.
#[derive(Default)]
struct Tries(BTreeMap<u32, Try>);

struct Try {
    failures: u32,
    /// `None` while it is on its way.
    again: Option<Instant>,
}

/// Pushes for every bot, also for those that come later.
pub(crate) async fn push_webhooks(world: World) -> anyhow::Result<()> {
    let mut changes = world.state().signals.changed.subscribe();
    let mut pushing = JoinSet::new();
    let mut known = BTreeSet::new();
    pushing.spawn(push_webhook(world.clone()));
    loop {
        changes.mark_unchanged();
        for (id, bot) in world.others() {
            if known.insert(id) {
                pushing.spawn(push_webhook(bot));
            }
        }
        tokio::select! {
            _ = changes.changed() => {}
            Some(ended) = pushing.join_next() => ended.context("a delivery panicked")??,
            () = world.shutdown.cancelled() => return Ok(()),
        }
    }
}

/// Pushes while a webhook is set; an update is forgotten once it was answered with 2xx, and
/// tried again, ever more slowly, until then.
async fn push_webhook(world: World) -> anyhow::Result<()> {
    let client = reqwest::Client::builder()
        .timeout(Duration::from_secs(60))
        .build()
        .context("no client for webhooks")?;
    let mut arrivals = world.state().signals.updates.subscribe();
    let mut tries = Tries::default();
    let mut pushes = JoinSet::new();
    loop {
        arrivals.mark_unchanged();
        for (webhook, update) in next(&world, &mut tries) {
            let client = client.clone();
            pushes.spawn(async move { (update.id, push(&client, &webhook, &update).await) });
        }
        // One whose time has come waits for its turn, or for a webhook.
        let now = Instant::now();
        let again = tries.0.values().filter_map(|one| one.again).filter(|again| *again > now).min();
        tokio::select! {
            Some(pushed) = pushes.join_next() => {
                let (id, pushed) = pushed.context("a push panicked")?;
                end(&world, &mut tries, id, pushed);
            }
            _ = arrivals.changed() => {}
            () = sleep_until(again.unwrap_or_else(Instant::now)), if again.is_some() => {}
            () = world.shutdown.cancelled() => return Ok(()),
        }
    }
}

/// What is to be pushed now.
fn next(world: &World, tries: &mut Tries) -> Vec<(Webhook, Update)> {
    let state = world.state();
    let Some(webhook) = &state.webhook else { return Vec::new() };
    let most = usize::try_from(webhook.max_connections).unwrap_or(1);
    let now = Instant::now();
    let waits = |id| tries.0.get(&id).is_some_and(|one| one.again.is_none_or(|again| again > now));
    // What was refused keeps its place: nothing gets far ahead of it.
    let updates = state.updates.first(most).filter(|update| !waits(update.id)).cloned();
    let updates: Vec<Update> = updates.collect();
    for update in &updates {
        let one = tries.0.entry(update.id).or_insert(Try { failures: 0, again: None });
        one.again = None;
    }
    updates.into_iter().map(|update| (webhook.clone(), update)).collect()
}

fn end(world: &World, tries: &mut Tries, id: u32, pushed: Result<(), String>) {
    match pushed {
        Ok(()) => {
            tries.0.remove(&id);
            world.state().taken(id);
        }
        Err(error) => {
            note(world, error);
            let failures = tries.0.get(&id).map_or(0, |one| one.failures);
            let pause = FIRST_PAUSE.saturating_mul(2_u32.saturating_pow(failures)).min(LONGEST_PAUSE);
            tries.0.insert(id, Try { failures: failures + 1, again: Some(Instant::now() + pause) });
        }
    }
}

/// What went wrong is worded as in `getWebhookInfo`.
async fn push(client: &reqwest::Client, webhook: &Webhook, update: &Update) -> Result<(), String> {
    let mut request =
        client.post(&webhook.url).header(CONTENT_TYPE, "application/json").body(update.json.get().to_owned());
    if let Some(secret) = &webhook.secret_token {
        request = request.header("X-Telegram-Bot-Api-Secret-Token", secret);
    }
    let response = request.send().await;
    let status = response.map_err(|_| "Connection refused or timed out".to_owned())?.status();
    if status.is_success() {
        return Ok(());
    }
    Err(format!("Wrong response from the webhook: {status}"))
}

fn note(world: &World, error: String) {
    let mut state = world.state();
    if let Some(webhook) = &mut state.webhook {
        webhook.last_error = Some((now_ms() / 1000, error));
    }
}
