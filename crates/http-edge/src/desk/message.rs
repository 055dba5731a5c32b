use axum::{
    Json,
    extract::{Path, State},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::chats;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{act, history, reply, words};
use crate::{
    auth::Staff,
    edge::Site,
    extract::{self, Field},
    problem::{Problem, ProblemBody},
    rich::{Segment, markup, segments},
    wire,
};

/// A message whole.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WholeMessage {
    message: wire::Message,
    /// The text as it has to be typed to come out as it is, for a change.
    typed_text: String,
    /// What it said before each change, oldest first.
    history: Vec<Earlier>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Earlier {
    message_text: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    segments: Vec<Segment>,
    /// Until when it said so.
    #[schema(value_type = String, format = DateTime)]
    until: Timestamp,
}

/// A message with its history
#[utoipa::path(
    get, path = "/api/users/{userId}/operator-chat/{messageId}", tag = "desk",
    params(("userId" = i64, Path, description = "Telegram's id of the user"), ("messageId" = Uuid, Path)),
    responses(
        (status = 200, description = "The message", body = WholeMessage),
        (status = 401, description = "unauthorized", body = ProblemBody),
        (status = 403, description = "not_an_operator", body = ProblemBody),
        (status = 404, description = "not_found", body = ProblemBody),
    )
)]
pub(crate) async fn show_message(
    State(site): State<Site>,
    Staff(_operator): Staff,
    Path((user_id, message_id)): Path<(i64, Uuid)>,
) -> Result<Json<WholeMessage>, Problem> {
    let message = act::message(&site, user_id, message_id).await?;
    let mut conn = site.conn().await?;
    let history = chats::edits(&mut conn, message_id)
        .await?
        .into_iter()
        .map(|edit| Earlier {
            segments: segments(&edit.previous_text, &edit.previous_entities),
            message_text: edit.previous_text,
            until: edit.edited_at,
        })
        .collect();
    let typed_text = markup::typed(&message.message_text, &message.entities);
    let message = history::dress(&mut conn, vec![message]).await?.pop().ok_or_else(Problem::not_found)?;
    Ok(Json(WholeMessage { message, typed_text, history }))
}

#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Typed {
    #[serde(default)]
    #[schema(value_type = String)]
    message_text: Field<String>,
}

/// What a reply will look like.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Preview {
    message_text: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    segments: Vec<Segment>,
}

/// Show what a typed reply will look like
///
/// `**bold**`, `_italic_`, `` `code` ``, `||spoiler||` and `[text](https://…)` are formatting; a backslash makes the sign
/// after it stand for itself.
#[utoipa::path(
    post, path = "/api/operator-chats/preview", tag = "desk", request_body = Typed,
    responses(
        (status = 200, description = "The text and its looks", body = Preview),
        (status = 400, description = "missing_fields", body = ProblemBody),
        (status = 401, description = "unauthorized", body = ProblemBody),
        (status = 403, description = "not_an_operator", body = ProblemBody),
        (status = 422, description = "invalid_fields", body = ProblemBody),
    )
)]
pub(crate) async fn preview_reply(
    Staff(_operator): Staff,
    extract::Json(input): extract::Json<Typed>,
) -> Result<Json<Preview>, Problem> {
    let typed = words::read("messageText", input.message_text, reply::LONGEST_TYPED)?;
    let (message_text, entities) = markup::parse(&typed);
    Ok(Json(Preview { segments: segments(&message_text, &entities), message_text }))
}
