mod frames;
mod overlay;
mod row;
mod watched;

use std::sync::Arc;

use axum::{
    extract::{Query, State},
    http::HeaderMap,
    response::{Response, sse::Event},
};
use events::Recorded;
use serde::Deserialize;
use serde_json::json;
use store::chats;
use tokio::sync::broadcast;
use utoipa::IntoParams;
use uuid::Uuid;

pub(crate) use frames::Frames;
use watched::Watched;

use super::heard::Heard;
use crate::{
    auth::Staff,
    edge::Site,
    live::{self, frame},
    problem::{Problem, ProblemBody},
};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Asked {
    /// The log sequence to go on after; `Last-Event-ID` counts before it
    after: Option<u64>,
    /// Telegram's id of the person whose chat is open
    user: Option<i64>,
}

struct DeskPage {
    site: Site,
    operator: Uuid,
    heard: broadcast::Receiver<Heard>,
    watched: Option<Watched>,
}

/// Live updates of all chats
///
/// Server-sent events `chat`, `message`, `delivery`, `note`, `note-removed` and `desk` (ready answers or bots have
/// changed); `id` is the log sequence. A `message` with `isNew` is the last of its chat, any other one has changed.
/// Without an id come `typing`, `waiting` (when a reply is tried next) and `status` (how a bot's line to Telegram is);
/// with `user` also `person` (what is known of the person has changed: `{sequence}` says since when). `reset` says that
/// too much was missed and everything has to be read again.
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
) -> Result<Response, Problem> {
    let after = live::after(&headers, asked.after, site.tail.position());
    let watched = match asked.user {
        Some(user_id) => {
            let user = chats::by_user(&mut *site.conn().await?, user_id).await?;
            Some(Watched { user_id, account: user.and_then(|user| user.linked_user_id) })
        }
        None => None,
    };
    let page = DeskPage { site: site.clone(), operator: caller.id(), heard: site.heard.listen(), watched };
    Ok(live::stream(site, caller, after, page))
}

impl live::Listener for DeskPage {
    async fn frames(&mut self, events: Vec<Arc<Recorded>>) -> Vec<Event> {
        let changes = |watched: &mut Watched| {
            let changing = events.iter().filter(|recorded| watched.is_changed_by(recorded));
            changing.filter_map(|recorded| recorded.position).last()
        };
        let changed = self.watched.as_mut().and_then(changes);
        // First and without an id: a stream that breaks in between resumes before it.
        let person = changed.and_then(|sequence| frame("person", None, &json!({"sequence": sequence})));
        person.into_iter().chain(self.site.frames.of(&self.site, &events).await).collect()
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
