//! What an operator does to a reply that is there: change its text, take it back, leave its failure as it is.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use events::{
    chats::{DeleteRequested, EditRequested, LONGEST_CAPTION, LONGEST_TEXT, ReplyDismissed},
    request_id,
};
use serde::Deserialize;
use store::chats::{DeliveryState, Message};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{act, page, reply, words};
use crate::{
    auth::{Caller, PageStaff, Staff},
    edge::Site,
    extract::{self, Field, Form},
    layout::Frame,
    pages::{Composing, ReplyProblem},
    problem::{FieldProblem, Problem, ProblemBody},
    rich::markup,
    trace::Trace,
};

#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NewText {
    /// With formatting as in a reply.
    #[serde(default)]
    #[schema(value_type = String)]
    message_text: Field<String>,
}

/// Change the text of a reply that Telegram has
///
/// The message's `changes` tell what became of it.
#[utoipa::path(
    patch, path = "/api/users/{userId}/operator-chat/{messageId}", tag = "desk", request_body = NewText,
    params(("userId" = i64, Path, description = "Telegram's id of the user"), ("messageId" = Uuid, Path)),
    responses(
        (status = 202, description = "Queued"),
        (status = 400, description = "missing_fields", body = ProblemBody),
        (status = 401, description = "unauthorized", body = ProblemBody),
        (status = 403, description = "not_an_operator", body = ProblemBody),
        (status = 404, description = "not_found", body = ProblemBody),
        (status = 409, description = "not_changeable", body = ProblemBody),
        (status = 422, description = "invalid_fields", body = ProblemBody),
    )
)]
pub(crate) async fn edit_reply(
    State(site): State<Site>,
    Staff(caller): Staff,
    Path((user_id, message_id)): Path<(i64, Uuid)>,
    trace: Trace,
    extract::Json(input): extract::Json<NewText>,
) -> Result<StatusCode, Problem> {
    edit(&site, &caller, (user_id, message_id), input.message_text, trace).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Take a reply back
///
/// Telegram allows it for 48 hours. The message's `changes` tell what became of it.
#[utoipa::path(
    delete, path = "/api/users/{userId}/operator-chat/{messageId}", tag = "desk",
    params(("userId" = i64, Path, description = "Telegram's id of the user"), ("messageId" = Uuid, Path)),
    responses(
        (status = 202, description = "Queued"),
        (status = 401, description = "unauthorized", body = ProblemBody),
        (status = 403, description = "not_an_operator", body = ProblemBody),
        (status = 404, description = "not_found", body = ProblemBody),
        (status = 409, description = "not_changeable", body = ProblemBody),
    )
)]
pub(crate) async fn delete_reply(
    State(site): State<Site>,
    Staff(caller): Staff,
    Path((user_id, message_id)): Path<(i64, Uuid)>,
    trace: Trace,
) -> Result<StatusCode, Problem> {
    delete(&site, &caller, user_id, message_id, trace).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Leave a failed or unknown reply as it is
#[utoipa::path(
    post, path = "/api/users/{userId}/operator-chat/{messageId}/dismiss", tag = "desk",
    params(("userId" = i64, Path, description = "Telegram's id of the user"), ("messageId" = Uuid, Path)),
    responses(
        (status = 204, description = "It is trouble no longer"),
        (status = 401, description = "unauthorized", body = ProblemBody),
        (status = 403, description = "not_an_operator", body = ProblemBody),
        (status = 404, description = "not_found", body = ProblemBody),
        (status = 409, description = "not_retriable", body = ProblemBody),
    )
)]
pub(crate) async fn dismiss_reply(
    State(site): State<Site>,
    Staff(caller): Staff,
    Path((user_id, message_id)): Path<(i64, Uuid)>,
    trace: Trace,
) -> Result<StatusCode, Problem> {
    dismiss(&site, &caller, user_id, message_id, trace).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PageForm {
    message_text: String,
}

/// `POST /dashboard/users/{userId}/operator-chat/{messageId}/edit`
pub(crate) async fn edit_form(
    State(site): State<Site>,
    PageStaff(caller): PageStaff,
    Path((user_id, message_id)): Path<(i64, Uuid)>,
    frame: Frame,
    trace: Trace,
    Form(form): Form<PageForm>,
) -> Result<Response, Problem> {
    let typed = form.message_text;
    let done = edit(&site, &caller, (user_id, message_id), Field::Given(typed.clone()), trace).await;
    let Err(problem) = done else { return Ok(back(user_id, message_id).into_response()) };
    let Some(said) = ReplyProblem::of(&problem) else { return Err(problem) };
    let composing = Composing::Change(message_id.to_string());
    let html = page::chat_with(&site, &caller, frame, user_id, (typed, said, composing)).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, html).into_response())
}

/// `POST /dashboard/users/{userId}/operator-chat/{messageId}/delete`
pub(crate) async fn delete_form(
    State(site): State<Site>,
    PageStaff(caller): PageStaff,
    Path((user_id, message_id)): Path<(i64, Uuid)>,
    trace: Trace,
) -> Result<Redirect, Problem> {
    match delete(&site, &caller, user_id, message_id, trace).await {
        Err(problem) if problem.code != "not_changeable" => Err(problem),
        _ => Ok(back(user_id, message_id)),
    }
}

/// `POST /dashboard/users/{userId}/operator-chat/{messageId}/dismiss`
pub(crate) async fn dismiss_form(
    State(site): State<Site>,
    PageStaff(caller): PageStaff,
    Path((user_id, message_id)): Path<(i64, Uuid)>,
    trace: Trace,
) -> Result<Redirect, Problem> {
    match dismiss(&site, &caller, user_id, message_id, trace).await {
        Err(problem) if problem.code != "not_retriable" => Err(problem),
        _ => Ok(back(user_id, message_id)),
    }
}

fn back(user_id: i64, message_id: Uuid) -> Redirect {
    Redirect::to(&format!("/dashboard/users/{user_id}/operator-chat#m{message_id}"))
}

async fn edit(
    site: &Site,
    caller: &Caller,
    (user_id, message_id): (i64, Uuid),
    typed: Field<String>,
    trace: Trace,
) -> Result<(), Problem> {
    let message = act::message(site, user_id, message_id).await?;
    changeable(&message)?;
    // What became several messages would need several changes; the one text cannot say which.
    if message.parts.len() > 1 {
        return Err(act::conflict("not_changeable", "Ответ из нескольких частей изменить нельзя"));
    }
    let (message_text, entities) = markup::parse(&words::read("messageText", typed, reply::LONGEST_TYPED)?);
    let longest = if message.files.is_empty() { LONGEST_TEXT } else { LONGEST_CAPTION };
    let wrong = |code| Err(Problem::fields(vec![FieldProblem::new("messageText", code)]));
    match message_text.encode_utf16().count() {
        0 => return wrong("required"),
        units if units > longest as usize => return wrong("too_long"),
        _ if message_text == message.message_text && entities == message.entities => return Ok(()),
        _ => {}
    }
    let (edit_id, operator_id) = (request_id(), caller.id());
    let event = EditRequested { user_id, message_id, edit_id, message_text, entities, operator_id };
    act::tell(site, caller, trace, event).await
}

async fn delete(
    site: &Site,
    caller: &Caller,
    user_id: i64,
    message_id: Uuid,
    trace: Trace,
) -> Result<(), Problem> {
    changeable(&act::message(site, user_id, message_id).await?)?;
    let event = DeleteRequested { user_id, message_id, operator_id: caller.id() };
    act::tell(site, caller, trace, event).await
}

async fn dismiss(
    site: &Site,
    caller: &Caller,
    user_id: i64,
    message_id: Uuid,
    trace: Trace,
) -> Result<(), Problem> {
    let message = act::message(site, user_id, message_id).await?;
    let ended = message
        .delivery
        .as_ref()
        .is_some_and(|delivery| matches!(delivery.state, DeliveryState::Failed | DeliveryState::Unknown));
    if !ended {
        return Err(act::conflict("not_retriable", "Оставить как есть можно только то, что не ушло"));
    }
    if message.dismissed {
        return Ok(());
    }
    act::tell(site, caller, trace, ReplyDismissed { user_id, message_id, operator_id: caller.id() }).await
}

/// Only what an operator wrote and Telegram has.
fn changeable(message: &Message) -> Result<(), Problem> {
    let sent = message.delivery.as_ref().is_some_and(|delivery| delivery.state == DeliveryState::Sent);
    if sent && message.operator_id.is_some() && message.deleted_at.is_none() {
        Ok(())
    } else {
        Err(act::conflict("not_changeable", "Изменить и удалить можно только отправленный ответ"))
    }
}
