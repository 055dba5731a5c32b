//! What an operator does to a chat or a message: find it, tell of it, wait for the table.

use std::time::Duration;

use axum::http::StatusCode;
use events::{Event, Outgoing, Service};
use store::chats::{self, ChatUser, Message};
use uuid::Uuid;

use super::settled;
use crate::{auth::Caller, edge::Site, problem::Problem, trace::Trace};

/// How long an answer waits for the table.
const PATIENCE: Duration = Duration::from_secs(3);

pub(super) async fn chat(site: &Site, user_id: i64) -> Result<ChatUser, Problem> {
    chats::by_user(&mut *site.conn().await?, user_id).await?.ok_or_else(Problem::not_found)
}

/// A message of this chat and of no other.
pub(super) async fn message(site: &Site, user_id: i64, id: Uuid) -> Result<Message, Problem> {
    let message = chats::message_by_id(&mut *site.conn().await?, id).await?;
    message.filter(|message| message.user_id == user_id).ok_or_else(Problem::not_found)
}

/// Says it in the log; what is asked for right after says so, too.
pub(super) async fn tell<E: Event>(
    site: &Site,
    caller: &Caller,
    trace: Trace,
    event: E,
) -> Result<(), Problem> {
    let mut event = Outgoing::request(Service::HttpEdge, &caller.auth(), event);
    event.meta.traceparent = trace.0;
    tell_once(site, event).await
}

/// As [`tell`], under an id that makes it one however often it is asked for.
pub(super) async fn tell_once(site: &Site, event: Outgoing) -> Result<(), Problem> {
    let published = site.bus.publish(&event).await?;
    let stored = if event.subject.starts_with("chats.") {
        settled::wait_for(site, published.sequence, PATIENCE).await
    } else {
        settled::wait_for_desk(site, published.sequence, PATIENCE).await
    };
    if !stored {
        tracing::warn!("the chat worker is behind: what was done at the desk is not in the tables yet");
    }
    Ok(())
}

/// It cannot be done as things stand.
pub(super) fn conflict(code: &'static str, error: &'static str) -> Problem {
    Problem::new(StatusCode::CONFLICT, code, error)
}
