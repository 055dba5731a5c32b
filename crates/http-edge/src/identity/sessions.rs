use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use jiff::Timestamp;
use serde::Serialize;
use store::identity::{self, OpenSession};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    auth::Caller,
    edge::Site,
    problem::{Problem, ProblemBody},
};

/// Somewhere one is signed in.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SessionBody {
    id: Uuid,
    /// What it was begun with, coarsely: `Chrome, Android`. Empty when that is not known.
    device: String,
    /// `public` or `backoffice`.
    site: &'static str,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// To the minute.
    #[schema(value_type = String, format = DateTime)]
    last_seen_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
    /// It is the one that asks.
    current: bool,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SessionsBody {
    /// The one that asks first, then those used last; at most 100.
    sessions: Vec<SessionBody>,
}

/// Where one is signed in
#[utoipa::path(
    get, path = "/api/auth/sessions", tag = "identity",
    responses(
        (status = 200, description = "One's own sessions, on both sites", body = SessionsBody),
        (status = 401, description = "unauthorized", body = ProblemBody),
    )
)]
pub(crate) async fn list_sessions(
    State(site): State<Site>,
    caller: Caller,
) -> Result<Json<SessionsBody>, Problem> {
    let sessions = find(&site, &caller).await?;
    Ok(Json(SessionsBody { sessions: sessions.into_iter().map(SessionBody::from).collect() }))
}

/// Sign out somewhere else
#[utoipa::path(
    delete, path = "/api/auth/sessions/{id}", tag = "identity", params(("id" = Uuid, Path)),
    responses(
        (status = 204, description = "The session is over"),
        (status = 401, description = "unauthorized", body = ProblemBody),
        (status = 404, description = "not_found, also for another's session", body = ProblemBody),
    )
)]
pub(crate) async fn end_session(
    State(site): State<Site>,
    caller: Caller,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Problem> {
    if end(&site, &caller, id).await? { Ok(StatusCode::NO_CONTENT) } else { Err(Problem::not_found()) }
}

/// Sign out everywhere else
#[utoipa::path(
    delete, path = "/api/auth/sessions", tag = "identity",
    responses(
        (status = 204, description = "Every session but the one that asks is over"),
        (status = 401, description = "unauthorized", body = ProblemBody),
    )
)]
pub(crate) async fn end_other_sessions(
    State(site): State<Site>,
    caller: Caller,
) -> Result<StatusCode, Problem> {
    end_others(&site, &caller).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn find(site: &Site, caller: &Caller) -> Result<Vec<OpenSession>, Problem> {
    let mut conn = site.conn().await?;
    Ok(identity::sessions_of(&mut conn, caller.id(), caller.session, events::now()).await?)
}

pub(super) async fn end(site: &Site, caller: &Caller, id: Uuid) -> Result<bool, Problem> {
    let (relay, user) = (site.relay.clone(), caller.id());
    let ended = tokio::spawn(async move { identity::end_own_session(&relay, user, id).await }).await??;
    // This instance knows it at once, the others hear of it on their tails.
    site.callers.forget_user(user);
    Ok(ended)
}

pub(super) async fn end_others(site: &Site, caller: &Caller) -> Result<(), Problem> {
    let (relay, user, but) = (site.relay.clone(), caller.id(), caller.session);
    tokio::spawn(async move { identity::end_other_sessions(&relay, user, but).await }).await??;
    site.callers.forget_user(user);
    Ok(())
}

impl From<OpenSession> for SessionBody {
    fn from(session: OpenSession) -> Self {
        Self {
            id: session.id,
            device: session.device,
            site: session.listener.name(),
            created_at: session.created_at,
            last_seen_at: session.last_seen_at,
            expires_at: session.expires_at,
            current: session.current,
        }
    }
}
