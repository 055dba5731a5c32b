use std::time::Duration;

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use events::{
    Outgoing, Service,
    chats::{Direction, MessageReceived},
};
use jiff::Timestamp;
use serde::Serialize;
use store::chats;
use tower_http::cors::{Any, CorsLayer};
use utoipa::ToSchema;
use uuid::Uuid;

use super::input::{Input, NewChatMessage};
use crate::{
    client_address::ClientAddress,
    edge::{Edge, Site},
    extract,
    problem::{Problem, ProblemBody},
    trace::Trace,
};

/// How long an answer waits for the chat worker.
const PATIENCE: Duration = Duration::from_secs(5);

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StoredBody {
    success: bool,
    message: StoredMessage,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StoredMessage {
    id: Uuid,
    user_id: i64,
    message_text: String,
    bot_type: String,
    direction: &'static str,
    message_type: &'static str,
    telegram_message_id: Option<i64>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

/// Bring a message that a foreign bot has heard
///
/// Without a token only `direction: "in"`, rate-limited, and marked as unverified.
#[utoipa::path(
    post, path = "/api/chat-message", tag = "chat-message", request_body = NewChatMessage,
    responses(
        (status = 201, description = "Stored", body = StoredBody),
        (status = 202, description = "In the log, not stored within 5 s", body = StoredBody),
        (status = 400, description = "missing_fields", body = ProblemBody),
        (status = 401, description = "token_required", body = ProblemBody),
        (status = 413, description = "too_large", body = ProblemBody),
        (status = 422, description = "One entry per wrong field", body = ProblemBody),
        (status = 429, description = "too_many_requests", body = ProblemBody),
    )
)]
pub(crate) async fn store_chat_message(
    State(site): State<Site>,
    ClientAddress(address): ClientAddress,
    headers: HeaderMap,
    trace: Trace,
    extract::Json(input): extract::Json<Input>,
) -> Result<Response, Problem> {
    let verified = is_trusted(&site, &headers)?;
    if !verified {
        site.chat_message_limit.take(address).map_err(Problem::too_many_requests)?;
    }
    let received = input.read(verified).map_err(Problem::fields)?;
    if received.direction == Direction::Out && !verified {
        return Err(token_required());
    }
    let message = StoredMessage::from(&received);
    if let Some(stored) = find(&site, &received).await? {
        return Ok(answer(StatusCode::CREATED, stored.into()));
    }
    let auth = if verified { "chat-message" } else { "anonymous" };
    let probe = received.clone();
    let mut event = Outgoing::request_with_id(received.message_id, Service::HttpEdge, auth, received);
    event.meta.traceparent = trace.0;
    site.bus.publish(&event).await?;
    // No fact tells of a message that is stored, so the table has to.
    let mut pause = Duration::from_millis(5);
    let deadline = tokio::time::Instant::now() + PATIENCE;
    while tokio::time::Instant::now() < deadline {
        if let Some(stored) = find(&site, &probe).await? {
            return Ok(answer(StatusCode::CREATED, stored.into()));
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(Duration::from_millis(200));
    }
    Ok(answer(StatusCode::ACCEPTED, message))
}

/// Any origin, without credentials.
pub(crate) fn cors() -> CorsLayer {
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::POST])
        .allow_headers([header::CONTENT_TYPE, header::AUTHORIZATION])
}

fn answer(status: StatusCode, message: StoredMessage) -> Response {
    (status, Json(StoredBody { success: true, message })).into_response()
}

async fn find(edge: &Edge, received: &MessageReceived) -> Result<Option<chats::Message>, Problem> {
    let mut conn = edge.conn().await?;
    Ok(match received.telegram_message_id {
        Some(id) => {
            let (direction, verified) = (received.direction, received.verified);
            chats::by_telegram_id(&mut conn, (received.user_id, 0), id, direction, verified).await?
        }
        None => chats::message_by_id(&mut conn, received.message_id).await?,
    })
}

/// Whether the request carries the token. A wrong one is refused rather than taken for none.
fn is_trusted(edge: &Edge, headers: &HeaderMap) -> Result<bool, Problem> {
    let Some(authorization) = headers.get(header::AUTHORIZATION) else { return Ok(false) };
    let given = authorization.to_str().ok().and_then(|value| value.split_once(' '));
    let given =
        given.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).map(|(_, token)| token.trim());
    let expected = edge.chat_message_token.as_ref().map(process::Secret::expose);
    match (given, expected) {
        // Hashes are compared, so that the time tells nothing about the token.
        (Some(given), Some(expected))
            if store::identity::secret_hash(given) == store::identity::secret_hash(expected) =>
        {
            Ok(true)
        }
        _ => Err(token_required()),
    }
}

fn token_required() -> Problem {
    Problem { status: StatusCode::UNAUTHORIZED, code: "token_required", ..Problem::unauthorized() }
        .detail("Authorization: Bearer with the bot's token is needed")
}

impl From<&MessageReceived> for StoredMessage {
    fn from(event: &MessageReceived) -> Self {
        Self {
            id: event.message_id,
            user_id: event.user_id,
            message_text: event.message_text.clone(),
            bot_type: event.bot_type.clone(),
            direction: event.direction.name(),
            message_type: event.message_type.name(),
            telegram_message_id: event.telegram_message_id,
            created_at: event.sent_at,
        }
    }
}

impl From<chats::Message> for StoredMessage {
    fn from(message: chats::Message) -> Self {
        Self {
            id: message.id,
            user_id: message.user_id,
            message_text: message.message_text,
            bot_type: message.bot_type,
            direction: message.direction.name(),
            message_type: message.message_type.name(),
            telegram_message_id: message.telegram_message_id,
            created_at: message.created_at,
        }
    }
}
