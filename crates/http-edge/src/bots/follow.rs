use std::sync::Arc;

use axum::{
    extract::State,
    response::{Response, sse::Event},
};
use events::{Bus, Recorded};
use futures::StreamExt as _;
use process::Shutdown;
use serde::Serialize;
use serde_json::Value;
use tokio::sync::broadcast;

use crate::{
    auth::Admin,
    edge::Site,
    live::{self, frame},
    problem::ProblemBody,
};

/// How a bot's line is, as its bridge has just said. Core NATS: who misses it hears the next one.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BotLine {
    bot_id: i64,
    status: Value,
}

/// What all bridges say of their lines.
#[derive(Debug)]
pub(crate) struct BotLines(broadcast::Sender<BotLine>);

impl Default for BotLines {
    fn default() -> Self {
        Self(broadcast::Sender::new(64))
    }
}

impl BotLines {
    fn listen(&self) -> broadcast::Receiver<BotLine> {
        self.0.subscribe()
    }

    /// Listens until shutdown; the client subscribes again by itself after a broken connection.
    pub(crate) async fn follow(&self, bus: &Bus, shutdown: Shutdown) {
        let mut heard = match bus.core().subscribe("status.*").await {
            Ok(heard) => heard,
            Err(error) => {
                tracing::warn!(%error, "nobody will see the bots' lines change");
                return;
            }
        };
        while let Some(Some(message)) = shutdown.run_until_cancelled(heard.next()).await {
            let bot = message.subject.rsplit('.').next().and_then(|bot| bot.parse().ok());
            if let (Some(bot_id), Ok(status)) = (bot, serde_json::from_slice(&message.payload)) {
                // Nobody watches: nothing to do.
                let _ = self.0.send(BotLine { bot_id, status });
            }
        }
    }
}

struct BotsPage(broadcast::Receiver<BotLine>);

/// Live updates of the bots' lines
///
/// Server-sent events `bot` with `{botId, status}`, as often as a bridge says how its line is.
#[utoipa::path(
    get, path = "/api/admin/bots/live", tag = "admin",
    responses(
        (status = 200, description = "The stream", body = String, content_type = "text/event-stream"),
        (status = 401, description = "unauthorized", body = ProblemBody),
        (status = 403, description = "not_an_admin", body = ProblemBody),
    )
)]
pub(crate) async fn follow_bots(State(site): State<Site>, Admin(caller): Admin) -> Response {
    let page = BotsPage(site.bot_lines.listen());
    let after = site.tail.position();
    live::stream(site, caller, after, page)
}

impl live::Listener for BotsPage {
    /// The log says nothing of lines.
    async fn frames(&mut self, _: Vec<Arc<Recorded>>) -> Vec<Event> {
        Vec::new()
    }

    async fn aside(&mut self) -> Event {
        loop {
            match self.0.recv().await {
                Ok(line) => {
                    if let Some(frame) = frame("bot", None, &line) {
                        return frame;
                    }
                }
                Err(broadcast::error::RecvError::Lagged(_)) => {}
                Err(broadcast::error::RecvError::Closed) => std::future::pending().await,
            }
        }
    }
}
