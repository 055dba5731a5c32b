mod file;
mod input;

use std::time::Duration;

use axum::{
    Json,
    extract::{Path, Request, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use events::{
    LogEvent, Outgoing, Recorded, Service,
    chats::{ChatEvent, ReplyRequested, plan},
    derived_id, request_id,
};
use serde::Serialize;
use store::{
    Conn,
    chats::{self, DeliveryState},
};
use utoipa::ToSchema;
use uuid::Uuid;

pub(super) use input::LONGEST_TYPED;
use input::{Input, NewReply};

use super::{act, history, page};
use crate::{
    auth::{Caller, PageStaff, Staff},
    edge::Site,
    layout::Frame,
    pages::{Composing, ReplyProblem},
    problem::{FieldProblem, Problem, ProblemBody},
    rich::markup,
    trace::Trace,
    wire,
};

/// How long an answer waits for Telegram.
const PATIENCE: Duration = Duration::from_secs(3);

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MessageBody {
    message: wire::Message,
}

/// Answer
#[utoipa::path(
    post, path = "/api/users/{userId}/operator-chat", tag = "desk",
    request_body(content((NewReply = "application/json"), (NewReply = "multipart/form-data"))),
    params(("userId" = i64, Path, description = "Telegram's id of the user")),
    responses(
        (status = 201, description = "What became of it within 3 s", body = MessageBody),
        (status = 202, description = "Queued", body = MessageBody),
        (status = 400, description = "missing_fields", body = ProblemBody),
        (status = 401, description = "unauthorized", body = ProblemBody),
        (status = 403, description = "not_an_operator", body = ProblemBody),
        (status = 404, description = "not_found", body = ProblemBody),
        (status = 409, description = "newer_reply_exists, bot_blocked, banned", body = ProblemBody),
        (status = 413, description = "too_large", body = ProblemBody),
        (status = 422, description = "invalid_fields", body = ProblemBody),
    )
)]
pub(crate) async fn send_reply(
    State(site): State<Site>,
    Staff(caller): Staff,
    Path(user_id): Path<i64>,
    trace: Trace,
    request: Request,
) -> Result<Response, Problem> {
    let input = Input::from_any(request, &site).await?;
    let message = reply(&site, &caller, user_id, input, trace).await?;
    let queued = matches!(message.delivery.as_ref().map(|it| it.state), Some("queued" | "sending"));
    let status = if queued { StatusCode::ACCEPTED } else { StatusCode::CREATED };
    Ok((status, Json(MessageBody { message })).into_response())
}

/// `POST /dashboard/users/{userId}/operator-chat`
pub(crate) async fn reply_form(
    State(site): State<Site>,
    PageStaff(caller): PageStaff,
    Path(user_id): Path<i64>,
    frame: Frame,
    trace: Trace,
    request: Request,
) -> Result<Response, Problem> {
    let input = Input::from_any(request, &site).await?;
    let typed = input.message_text.clone().given().unwrap_or_default();
    let Err(problem) = reply(&site, &caller, user_id, input, trace).await else {
        return Ok(Redirect::to(&format!("/dashboard/users/{user_id}/operator-chat")).into_response());
    };
    let Some(said) = ReplyProblem::of(&problem) else { return Err(problem) };
    let html = page::chat_with(&site, &caller, frame, user_id, (typed, said, Composing::New)).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, html).into_response())
}

async fn reply(
    site: &Site,
    caller: &Caller,
    user_id: i64,
    input: Input,
    trace: Trace,
) -> Result<wire::Message, Problem> {
    let mut conn = site.conn().await?;
    let chat = chats::by_user(&mut conn, user_id).await?.ok_or_else(Problem::not_found)?;
    let (typed, client_id) = input.read().map_err(Problem::fields)?;
    let (text, entities) = markup::parse(&typed);
    if text.trim().is_empty() && input.files.is_empty() {
        return Err(Problem::fields(vec![FieldProblem::new("messageText", "required")]));
    }
    let keyed = client_id.is_some();
    let client_message_id = client_id.clone();
    let message_id = client_id
        .map_or_else(request_id, |id| derived_id(&["reply", &caller.auth(), &user_id.to_string(), &id]));
    if keyed && let Some(sent) = chats::message_by_id(&mut conn, message_id).await? {
        return dressed(&mut conn, sent).await;
    }
    if chat.bot_blocked {
        return Err(Problem::new(
            StatusCode::CONFLICT,
            "bot_blocked",
            "Человек заблокировал бота, ответ не принят.",
        ));
    }
    if chat.banned_reason.is_some() {
        return Err(act::conflict("banned", "Человек заблокирован, ответ не принят"));
    }
    if let Some(seen) = input.seen_sequence.given() {
        no_newer_reply(site, &mut conn, user_id, seen, caller.id()).await?;
    }
    let answered = match input.reply_to.given() {
        Some(id) => {
            let message = chats::message_by_id(&mut conn, id).await?;
            let message = message.filter(|message| message.user_id == user_id);
            Some(message.ok_or_else(Problem::not_found)?).filter(|message| is_known_to(chat.bot_id, message))
        }
        None => None,
    };
    drop(conn);
    let parts = plan(&text, &entities, &input.files);
    let event = ReplyRequested {
        user_id,
        message_id,
        bot_type: "operator".to_owned(),
        message_text: text,
        reply_to_telegram_id: answered.as_ref().and_then(|message| message.telegram_message_id),
        operator_id: caller.id(),
        bot_id: Some(chat.bot_id).filter(|bot_id| *bot_id != 0),
        entities,
        files: input.files,
        parts,
        client_message_id,
    };
    let event_id = derived_id(&["reply-requested", &message_id.to_string()]);
    let mut message = wire::Message::reply(&event, events::now());
    message.author = Some(caller.user.name.clone());
    message.reply_to = answered.as_ref().map(history::quote);
    let mut request = Outgoing::request_with_id(event_id, Service::HttpEdge, &caller.auth(), event);
    request.meta.traceparent = trace.0;
    message.created_at = request.meta.time;
    let mut waiter = site.tail.waiter(event_id);
    site.bus.publish(&request).await?;
    // Of several parts the first one's outcome is not the whole's.
    if message.parts.is_empty()
        && let Some((delivery, telegram_id)) = waiter.wait(PATIENCE, outcome).await
    {
        message.delivery = Some(delivery);
        message.telegram_message_id = telegram_id;
    }
    Ok(message)
}

/// Whether the bot that the reply leaves by can point at the message: each bot counts its messages with a person by
/// itself, and what nobody vouches for may bear any number. To the bot, another's number is another message.
fn is_known_to(bot_id: i64, message: &chats::Message) -> bool {
    message.verified && (message.bot_id == bot_id || message.bot_id == 0 || bot_id == 0)
}

/// A reply that was written before a colleague's newer one asks first. The tail knows of it before the
/// table does.
async fn no_newer_reply(
    site: &Site,
    conn: &mut Conn,
    user_id: i64,
    seen: u64,
    operator: Uuid,
) -> Result<(), Problem> {
    let on_tail = site.tail.any_after(seen, |recorded| match &recorded.event {
        LogEvent::Chat(ChatEvent::ReplyRequested(event)) => {
            event.user_id == user_id && event.operator_id != operator
        }
        _ => false,
    });
    let position = i64::try_from(seen).unwrap_or(i64::MAX);
    let newer =
        on_tail || chats::newest_reply_after(conn, user_id, position, Some(operator)).await?.is_some();
    if newer {
        return Err(Problem::new(
            StatusCode::CONFLICT,
            "newer_reply_exists",
            "Пока вы писали, коллега уже ответил",
        ));
    }
    Ok(())
}

/// What the bridge said of it, and Telegram's id of the message.
pub(super) fn outcome(recorded: &Recorded) -> Option<(wire::Delivery, Option<i64>)> {
    let LogEvent::Chat(event) = &recorded.event else { return None };
    match event {
        ChatEvent::ReplySent(event) => {
            Some((wire::Delivery::of(DeliveryState::Sent), Some(event.telegram_message_id)))
        }
        ChatEvent::ReplyFailed(event) => {
            let reason = Some(event.reason.as_str());
            Some((wire::Delivery::because(DeliveryState::Failed, &event.code, reason), None))
        }
        ChatEvent::ReplyUnknown(event) => {
            Some((wire::Delivery::because(DeliveryState::Unknown, &event.code, None), None))
        }
        _ => None,
    }
}

async fn dressed(conn: &mut Conn, message: chats::Message) -> Result<wire::Message, Problem> {
    history::dress(conn, vec![message]).await?.pop().ok_or_else(Problem::not_found)
}
