use std::time::Duration;

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use serde::Deserialize;
use store::chats;
use utoipa::ToSchema;
use uuid::Uuid;

use super::settled;
use crate::{
    auth::Staff,
    edge::Site,
    extract::Json,
    problem::{FieldProblem, Problem, ProblemBody},
};

/// How long to wait for the table.
const PATIENCE: Duration = Duration::from_secs(1);

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReadUpTo {
    up_to: Place,
}

/// A message's id, or a log sequence.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(untagged)]
enum Place {
    Message(Uuid),
    Sequence(i64),
}

/// Note that the chat has been read up to a message
#[utoipa::path(
    post, path = "/api/users/{userId}/operator-chat/read", tag = "desk", request_body = ReadUpTo,
    params(("userId" = i64, Path, description = "Telegram's id of the user")),
    responses(
        (status = 204, description = "Noted; it never goes back"),
        (status = 400, description = "bad_request", body = ProblemBody),
        (status = 401, description = "unauthorized", body = ProblemBody),
        (status = 403, description = "not_an_operator", body = ProblemBody),
        (status = 404, description = "not_found", body = ProblemBody),
    )
)]
pub(crate) async fn mark_read(
    State(site): State<Site>,
    Staff(_operator): Staff,
    Path(user_id): Path<i64>,
    Json(read): Json<ReadUpTo>,
) -> Result<StatusCode, Problem> {
    let mut conn = site.conn().await?;
    let chat = chats::by_user(&mut conn, user_id).await?.ok_or_else(Problem::not_found)?;
    let position = match read.up_to {
        Place::Sequence(sequence) => sequence,
        Place::Message(id) => match chats::message_by_id(&mut conn, id).await? {
            Some(message) if message.user_id == user_id => message.position,
            // Another's message, or one that only the page has heard of yet.
            _ => return Ok(StatusCode::NO_CONTENT),
        },
    };
    let Ok(sequence) = u64::try_from(position) else {
        return Err(Problem::fields(vec![FieldProblem::new("upTo", "invalid")]));
    };
    if position > chat.last_position && sequence <= site.tail.position() {
        // A page hears of a message before the table has it, and a mark cannot go beyond the table.
        drop(conn);
        settled::wait_for(&site, sequence, PATIENCE).await;
        conn = site.conn().await?;
    }
    chats::mark_read(&mut conn, user_id, position).await?.ok_or_else(Problem::not_found)?;
    Ok(StatusCode::NO_CONTENT)
}
