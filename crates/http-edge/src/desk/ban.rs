use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Redirect,
};
use events::chats::{ChatBanned, ChatUnbanned};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{act, words};
use crate::{
    auth::{Caller, PageStaff, Staff},
    edge::Site,
    extract::{self, Field, Form},
    problem::{Problem, ProblemBody},
    trace::Trace,
};

/// Characters of a reason.
const LONGEST: usize = 500;

#[derive(Debug, Default, Deserialize, ToSchema)]
pub(crate) struct NewBan {
    /// Why, 1 to 500 characters.
    #[serde(default)]
    #[schema(value_type = String)]
    reason: Field<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct PageForm {
    reason: String,
}

/// Hear a person no longer
///
/// What they write is kept but calls for nobody, and nothing is sent to them.
#[utoipa::path(
    post, path = "/api/users/{userId}/operator-chat/ban", tag = "desk", request_body = NewBan,
    params(("userId" = i64, Path, description = "Telegram's id of the user")),
    responses(
        (status = 204, description = "Done"),
        (status = 400, description = "missing_fields", body = ProblemBody),
        (status = 401, description = "unauthorized", body = ProblemBody),
        (status = 403, description = "not_an_operator", body = ProblemBody),
        (status = 404, description = "not_found", body = ProblemBody),
        (status = 422, description = "invalid_fields", body = ProblemBody),
    )
)]
pub(crate) async fn ban_person(
    State(site): State<Site>,
    Staff(caller): Staff,
    Path(user_id): Path<i64>,
    trace: Trace,
    extract::Json(input): extract::Json<NewBan>,
) -> Result<StatusCode, Problem> {
    ban(&site, &caller, user_id, input.reason, trace).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Hear a person again
#[utoipa::path(
    post, path = "/api/users/{userId}/operator-chat/unban", tag = "desk",
    params(("userId" = i64, Path, description = "Telegram's id of the user")),
    responses(
        (status = 204, description = "Done"),
        (status = 401, description = "unauthorized", body = ProblemBody),
        (status = 403, description = "not_an_operator", body = ProblemBody),
        (status = 404, description = "not_found", body = ProblemBody),
    )
)]
pub(crate) async fn unban_person(
    State(site): State<Site>,
    Staff(caller): Staff,
    Path(user_id): Path<i64>,
    trace: Trace,
) -> Result<StatusCode, Problem> {
    unban(&site, &caller, user_id, trace).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /dashboard/users/{userId}/operator-chat/ban`
pub(crate) async fn ban_form(
    State(site): State<Site>,
    PageStaff(caller): PageStaff,
    Path(user_id): Path<i64>,
    trace: Trace,
    Form(form): Form<PageForm>,
) -> Result<Redirect, Problem> {
    ban(&site, &caller, user_id, Field::Given(form.reason), trace).await?;
    Ok(Redirect::to(&format!("/dashboard/users/{user_id}/operator-chat")))
}

/// `POST /dashboard/users/{userId}/operator-chat/unban`
pub(crate) async fn unban_form(
    State(site): State<Site>,
    PageStaff(caller): PageStaff,
    Path(user_id): Path<i64>,
    trace: Trace,
) -> Result<Redirect, Problem> {
    unban(&site, &caller, user_id, trace).await?;
    Ok(Redirect::to(&format!("/dashboard/users/{user_id}/operator-chat")))
}

async fn ban(
    site: &Site,
    caller: &Caller,
    user_id: i64,
    reason: Field<String>,
    trace: Trace,
) -> Result<(), Problem> {
    let reason = words::read("reason", reason, LONGEST)?;
    act::chat(site, user_id).await?;
    act::tell(site, caller, trace, ChatBanned { user_id, reason }).await
}

async fn unban(site: &Site, caller: &Caller, user_id: i64, trace: Trace) -> Result<(), Problem> {
    if act::chat(site, user_id).await?.banned_reason.is_none() {
        return Ok(());
    }
    act::tell(site, caller, trace, ChatUnbanned { user_id }).await
}
