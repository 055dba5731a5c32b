mod frames;
mod overlay;
mod row;

use std::sync::Arc;

use axum::{
    extract::{Query, State},
    http::HeaderMap,
    response::{Response, sse::Event},
};
use events::Recorded;
use serde::Deserialize;
use tokio::sync::broadcast;
use utoipa::IntoParams;
use uuid::Uuid;

pub(crate) use frames::Frames;

use super::heard::Heard;
use crate::{
    auth::Staff,
    edge::Site,
    live::{self, frame},
    problem::ProblemBody,
};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Asked {
    /// The log sequence to go on after; `Last-Event-ID` counts before it
    after: Option<u64>,
}

struct DeskPage {
    site: Site,
    operator: Uuid,
    heard: broadcast::Receiver<Heard>,
}

/// Live updates of all chats
///
/// Server-sent events `chat`, `message`, `delivery`, `note`, `note-removed` and `desk` (ready answers or bots have
/// changed); `id` is the log sequence. Without one come `typing`, `waiting` (when a reply is tried next) and `status`
/// (how a bot's line to Telegram is). `reset` says that too much was missed and everything has to be read again.
#[utoipa::path(
    get, path = "/api/operator-chats/live", tag = "desk", params(Asked),
    responses(
        (status = 200, description = "The stream", body = String, content_type = "text/event-stream"),
        (status = 401, description = "unauthorized", body = ProblemBody),
        (status = 403, description = "not_an_operator", body = ProblemBody),
    )
)]
pub(crate) async fn follow_chats(
    State(site): State<Site>,
    Staff(caller): Staff,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
) -> Response {
    let after = live::after(&headers, asked.after, site.tail.position());
    let page = DeskPage { site: site.clone(), operator: caller.id(), heard: site.heard.listen() };
    live::stream(site, caller, after, page)
}

impl live::Listener for DeskPage {
    async fn frames(&mut self, events: Vec<Arc<Recorded>>) -> Vec<Event> {
        self.site.frames.of(&self.site, &events).await
    }

    async fn aside(&mut self) -> Event {
        loop {
            match self.heard.recv().await {
                Ok(heard) if !heard.is_by(self.operator) => {
                    if let Some(frame) = frame(heard.name, None, &heard.data) {
                        return frame;
                    }
                }
                Ok(_) | Err(broadcast::error::RecvError::Lagged(_)) => {}
                Err(broadcast::error::RecvError::Closed) => std::future::pending().await,
            }
        }
    }
}
