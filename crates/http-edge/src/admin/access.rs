use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use events::users::Role;
use serde::Deserialize;
use store::identity::{self, AccessError};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    reason::{Reason, ReasonInput},
    users::{AccountBody, body},
};
use crate::{
    auth::{Admin, Caller},
    edge::Site,
    extract::{self, Field},
    problem::{FieldProblem, Problem, ProblemBody},
};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct RoleInput {
    role: Field<String>,
}

/// Another role, for the documentation alone.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "only its schema is used")]
pub(crate) struct NewRole {
    /// `CUSTOMER`, `EXECUTOR`, `OPERATOR`, `ADMIN` or `AUDITOR`.
    role: String,
}

/// What shall become of an account.
pub(super) enum Change {
    Disable(String),
    Enable,
    Role(Role),
}

/// Shut an account
///
/// Its sessions end on both sites, open live streams included; its tokens are worth nothing; nobody can sign
/// in to it. Done twice it is done once.
#[utoipa::path(
    post, path = "/api/admin/users/{id}/disable", tag = "admin", request_body = Reason,
    params(("id" = Uuid, Path)),
    responses(
        (status = 200, description = "The account as it is now", body = AccountBody),
        (status = 400, description = "missing_fields", body = ProblemBody),
        (status = 401, description = "unauthorized", body = ProblemBody),
        (status = 403, description = "not_an_admin", body = ProblemBody),
        (status = 404, description = "user_not_found", body = ProblemBody),
        (status = 409, description = "oneself, last_admin", body = ProblemBody),
        (status = 422, description = "invalid_fields", body = ProblemBody),
    )
)]
pub(crate) async fn disable_user(
    State(site): State<Site>,
    Admin(caller): Admin,
    Path(id): Path<Uuid>,
    extract::Json(input): extract::Json<ReasonInput>,
) -> Result<Json<AccountBody>, Problem> {
    changed(&site, &caller, id, Change::Disable(input.read()?)).await
}

/// Open an account again
#[utoipa::path(
    post, path = "/api/admin/users/{id}/enable", tag = "admin", params(("id" = Uuid, Path)),
    responses(
        (status = 200, description = "The account as it is now", body = AccountBody),
        (status = 401, description = "unauthorized", body = ProblemBody),
        (status = 403, description = "not_an_admin", body = ProblemBody),
        (status = 404, description = "user_not_found", body = ProblemBody),
    )
)]
pub(crate) async fn enable_user(
    State(site): State<Site>,
    Admin(caller): Admin,
    Path(id): Path<Uuid>,
) -> Result<Json<AccountBody>, Problem> {
    changed(&site, &caller, id, Change::Enable).await
}

/// Give an account another role
#[utoipa::path(
    post, path = "/api/admin/users/{id}/role", tag = "admin", request_body = NewRole,
    params(("id" = Uuid, Path)),
    responses(
        (status = 200, description = "The account as it is now", body = AccountBody),
        (status = 400, description = "missing_fields", body = ProblemBody),
        (status = 401, description = "unauthorized", body = ProblemBody),
        (status = 403, description = "not_an_admin", body = ProblemBody),
        (status = 404, description = "user_not_found", body = ProblemBody),
        (status = 409, description = "oneself, last_admin", body = ProblemBody),
        (status = 422, description = "invalid_fields", body = ProblemBody),
    )
)]
pub(crate) async fn set_role(
    State(site): State<Site>,
    Admin(caller): Admin,
    Path(id): Path<Uuid>,
    extract::Json(input): extract::Json<RoleInput>,
) -> Result<Json<AccountBody>, Problem> {
    let role = input.role.required().and_then(|name| Role::from_name(&name).ok_or("invalid"));
    let role = role.map_err(|code| fault("role", code))?;
    changed(&site, &caller, id, Change::Role(role)).await
}

/// Changes the account, and answers with it.
async fn changed(site: &Site, caller: &Caller, id: Uuid, what: Change) -> Result<Json<AccountBody>, Problem> {
    change(site, caller, id, what).await?;
    Ok(Json(body(site, id).await?))
}

pub(super) async fn change(site: &Site, caller: &Caller, id: Uuid, change: Change) -> Result<(), Problem> {
    let (relay, auth) = (site.relay.clone(), caller.auth());
    // A task of its own: a client that goes away must not leave the commit half done.
    let done = tokio::spawn(async move {
        match change {
            Change::Disable(reason) => identity::disable(&relay, id, &reason, &auth).await,
            Change::Enable => identity::enable(&relay, id, &auth).await,
            Change::Role(role) => identity::grant_role(&relay, id, role, &auth).await,
        }
    });
    done.await?.map_err(|error| match error {
        AccessError::NoSuchUser => Problem::user_not_found(),
        AccessError::NotAdmin => Problem::forbidden("not_an_admin"),
        AccessError::Oneself => {
            Problem::new(StatusCode::CONFLICT, "oneself", "Нельзя отключить или понизить самого себя")
        }
        AccessError::LastAdmin => {
            Problem::new(StatusCode::CONFLICT, "last_admin", "Это последний действующий администратор")
        }
        AccessError::Other(error) => error.into(),
    })?;
    // This instance knows it at once, the others hear of it on their tails.
    site.callers.forget_user(id);
    Ok(())
}

pub(super) fn fault(field: &str, code: &str) -> Problem {
    Problem::fields(vec![FieldProblem::new(field, code)])
}
