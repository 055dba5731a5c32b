//! Delivery of updates by webhook, one after the other.

use std::time::Duration;

use anyhow::Context;
use axum::http::header::CONTENT_TYPE;

use crate::state::now_ms;
use crate::state::update_queue::Update;
use crate::state::webhook::Webhook;
use crate::world::World;

const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// Pushes while a webhook is set; an update is forgotten once it was answered with 2xx, and
/// tried again, ever more slowly, until then.
pub(crate) async fn push_webhook(world: World) -> anyhow::Result<()> {
    let client = reqwest::Client::builder()
        .timeout(Duration::from_secs(60))
        .build()
        .context("no client for webhooks")?;
    let mut arrivals = world.state().signals.updates.subscribe();
    let mut pause = FIRST_PAUSE;
    loop {
        let Some((webhook, update)) = next(&world, &mut arrivals) else {
            tokio::select! {
                _ = arrivals.changed() => continue,
                () = world.shutdown.cancelled() => return Ok(()),
            }
        };
        let pushed = tokio::select! {
            pushed = push(&client, &webhook, &update) => pushed,
            () = world.shutdown.cancelled() => return Ok(()),
        };
        match pushed {
            Ok(()) => {
                pause = FIRST_PAUSE;
                world.state().confirm_updates(i64::from(update.id) + 1);
            }
            Err(error) => {
                note(&world, error);
                tokio::select! {
                    () = tokio::time::sleep(pause) => {}
                    () = world.shutdown.cancelled() => return Ok(()),
                }
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
        }
    }
}

fn next(world: &World, arrivals: &mut tokio::sync::watch::Receiver<u64>) -> Option<(Webhook, Update)> {
    let state = world.state();
    arrivals.mark_unchanged();
    let webhook = state.webhook.clone()?;
    let update = state.updates.first(1).next()?.clone();
    Some((webhook, update))
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
