use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use events::subjects;
use serde::Serialize;
use uuid::Uuid;

use crate::{
    auth::Staff,
    edge::Site,
    problem::{Problem, ProblemBody},
};

/// Somebody at the desk is typing. Core NATS: who misses it misses nothing.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct Typist {
    /// The chat.
    user_id: i64,
    operator_id: Uuid,
    /// The operator's name.
    name: String,
}

/// Tell the colleagues that one is typing
#[utoipa::path(
    post, path = "/api/users/{userId}/operator-chat/typing", tag = "desk",
    params(("userId" = i64, Path, description = "Telegram's id of the user")),
    responses(
        (status = 204, description = "Told"),
        (status = 401, description = "unauthorized", body = ProblemBody),
        (status = 403, description = "not_an_operator", body = ProblemBody),
    )
)]
pub(crate) async fn tell_typing(
    State(site): State<Site>,
    Staff(caller): Staff,
    Path(user_id): Path<i64>,
) -> Result<StatusCode, Problem> {
    let typist = Typist { user_id, operator_id: caller.id(), name: caller.user.name.clone() };
    let payload = serde_json::to_vec(&typist)?;
    site.bus.core().publish(subjects::typing(user_id), payload.into()).await?;
    Ok(StatusCode::NO_CONTENT)
}
