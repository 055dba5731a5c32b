//! Updates that Telegram brings. It is told that one has arrived (200) only when the broker has acknowledged it;
//! what it then brings again gets the id that it had.

mod bring;
mod hand_in;
mod line_up;

use std::{collections::HashMap, sync::Arc, time::Duration};

use axum::{
    Router,
    body::to_bytes,
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode},
};
use events::Bus;
use futures::future::join_all;
use process::Shutdown;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use tokio::net::TcpListener;

use super::{Numbered, Translated, ignored, translate};
use crate::{bot::Bot, config::WebhookConfig, status::Trouble};
use hand_in::{Door, hand_in};

pub(crate) use bring::bring;

/// Telegram's own updates have a few kilobytes.
const LARGEST_BODY: usize = 1_000_000;

/// While the address is taken, by a predecessor that is still stopping.
const BIND_AGAIN: Duration = Duration::from_millis(500);

/// Telegram repeats the secret with every update (Bot API, setWebhook).
const SECRET: &str = "x-telegram-bot-api-secret-token";

struct Hook {
    /// Of the secret: so that comparing takes the same time however long a wrong one is.
    secret: [u8; 32],
    doors: HashMap<i64, Door>,
}

/// Takes updates for all bots until `active` ends. The last segment of the path says whose they are; what a
/// proxy makes of those before it does not matter.
pub(crate) async fn serve(config: &WebhookConfig, bots: &[Bot], bus: &Bus, active: &Shutdown) {
    let mut doors = HashMap::new();
    let mut handing_in = Vec::new();
    for bot in bots {
        let (door, arrivals) = Door::new();
        doors.insert(bot.id, door);
        handing_in.push(hand_in(&bot.line, bus, arrivals));
    }
    let secret = Sha256::digest(config.secret.expose().as_bytes()).into();
    let router = Router::new().fallback(take).with_state(Arc::new(Hook { secret, doors }));
    // What has been brought is handed in before its answer is given, and so before the listening ends.
    tokio::select! {
        () = listen(config, bots, router, active) => {}
        _ = join_all(handing_in) => {}
    }
}

async fn listen(config: &WebhookConfig, bots: &[Bot], router: Router, active: &Shutdown) {
    loop {
        let error = match TcpListener::bind(config.listen).await {
            Ok(listener) => {
                tracing::info!(listen = %config.listen, "updates are taken by webhook");
                let serving = axum::serve(listener, router.clone());
                match serving.with_graceful_shutdown(active.clone().cancelled_owned()).await {
                    Ok(()) => return,
                    Err(error) => error,
                }
            }
            Err(error) => error,
        };
        let words = format!("cannot listen on {}: {error}", config.listen);
        tracing::error!(words, "no updates; trying again");
        for bot in bots {
            bot.line.in_trouble(&Trouble::of_webhook(words.clone()));
        }
        if active.run_until_cancelled(tokio::time::sleep(BIND_AGAIN)).await.is_none() {
            return;
        }
    }
}

async fn take(State(hook): State<Arc<Hook>>, request: Request) -> StatusCode {
    if request.method() != Method::POST {
        return StatusCode::METHOD_NOT_ALLOWED;
    }
    if !hook.knows(request.headers()) {
        metrics::counter!("vestnik_webhook_refused_total").increment(1);
        return StatusCode::UNAUTHORIZED;
    }
    let bot = request.uri().path().rsplit('/').next().and_then(|id| id.parse().ok());
    let Some((bot_id, door)) = bot.and_then(|id: i64| Some((id, hook.doors.get(&id)?))) else {
        return StatusCode::NOT_FOUND;
    };
    let Ok(body) = to_bytes(request.into_body(), LARGEST_BODY).await else {
        return StatusCode::PAYLOAD_TOO_LARGE;
    };
    metrics::counter!("vestnik_telegram_updates_total").increment(1);
    let update = std::str::from_utf8(&body).unwrap_or_default();
    // Refused, the same would only come again.
    let Ok(Numbered { update_id }) = serde_json::from_str(update) else {
        ignored(None, "no_number");
        return StatusCode::OK;
    };
    let event = match translate(bot_id, update_id, update) {
        Translated::Ignored(why) => {
            ignored(Some(update_id), why);
            None
        }
        Translated::Event(event) => Some(*event),
    };
    door.bring(update_id, event).await
}

impl Hook {
    fn knows(&self, headers: &HeaderMap) -> bool {
        let given = headers.get(SECRET).map(|value| Sha256::digest(value.as_bytes()));
        given.is_some_and(|given| given.as_slice().ct_eq(&self.secret).into())
    }
}
