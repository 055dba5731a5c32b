use std::time::Instant;

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use store::identity::{self, CredentialsError, PasswordChange, password};
use utoipa::ToSchema;

use super::{Who, new_session::new_session, register::new_password};
use crate::{
    auth::{Caller, cookie},
    client_address::ClientAddress,
    edge::Site,
    extract::{Field, Json},
    problem::{FieldProblem, Problem, ProblemBody},
};

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Input {
    pub(super) current_password: Field<String>,
    pub(super) new_password: Field<String>,
}

/// The body of a change of password, for the documentation alone.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "only its schema is used")]
pub(crate) struct NewPassword {
    current_password: String,
    /// 8 to 200 characters, none of the common ones, without one's phone or name.
    new_password: String,
}

/// Change one's password
///
/// Every other session ends; the one that asks gets a new cookie.
#[utoipa::path(
    post, path = "/api/auth/password", tag = "identity", request_body = NewPassword,
    responses(
        (status = 204, description = "Changed"),
        (status = 400, description = "missing_fields", body = ProblemBody),
        (status = 401, description = "bad_credentials; unauthorized", body = ProblemBody),
        (status = 422, description = "One entry per wrong field", body = ProblemBody),
        (status = 429, description = "too_many_requests, with Retry-After", body = ProblemBody),
    )
)]
pub(crate) async fn change_password(
    State(site): State<Site>,
    caller: Caller,
    address: ClientAddress,
    headers: HeaderMap,
    Json(input): Json<Input>,
) -> Result<Response, Problem> {
    let cookie = change(&site, &caller, &headers, address, input).await?;
    Ok(match cookie {
        Some(secret) => {
            (StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie::begin(&site, &secret))]).into_response()
        }
        None => StatusCode::NO_CONTENT.into_response(),
    })
}

/// Returns the new secret of the session that asks; a bearer token has none.
pub(super) async fn change(
    site: &Site,
    caller: &Caller,
    headers: &HeaderMap,
    ClientAddress(address): ClientAddress,
    input: Input,
) -> Result<Option<String>, Problem> {
    let user = &caller.user;
    let current = input.current_password.required().and_then(|current| match current.is_empty() {
        true => Err("required"),
        false => Ok(current),
    });
    let new = new_password(input.new_password, &user.phone, &user.name);
    let (current, new) = match (current, new) {
        (Ok(current), Ok(new)) => (current, new),
        (current, new) => {
            let faults = [("currentPassword", current.err()), ("newPassword", new.err())];
            let faults = faults.into_iter().filter_map(|(field, code)| Some(FieldProblem::new(field, code?)));
            return Err(Problem::fields(faults.collect()));
        }
    };
    // Whoever found an open browser guesses no faster here than at the door.
    let who = Who::new(Some(&user.phone), &user.phone, address);
    let attempt = site.attempts.begin(who, Instant::now()).map_err(Problem::wait)?;
    let compared = match compare(site, &user.phone, current).await {
        Ok(Some(compared)) => compared,
        Ok(None) => return Err(wrong_password()),
        Err(problem) => {
            attempt.undecided();
            return Err(problem);
        }
    };
    attempt.succeeded(Instant::now());
    let hash = password::hash(new).await?;
    let session = caller.session.map(|_| new_session(site, headers));
    let (session, secret) = session.unzip();
    let (relay, id) = (site.relay.clone(), user.id);
    let changed = tokio::spawn(async move {
        let change = PasswordChange { compared: Some(&compared), hash: &hash, session: session.as_ref() };
        identity::set_password(&relay, id, change, &id.to_string()).await
    });
    changed.await?.map_err(|error| match error {
        CredentialsError::NoSuchUser => Problem::user_not_found(),
        CredentialsError::Shut => Problem::unauthorized(),
        CredentialsError::Replaced => wrong_password(),
        CredentialsError::Other(error) => error.into(),
    })?;
    site.callers.forget_user(id);
    Ok(secret)
}

/// The hash that the current password matches; `None` when it matches none.
async fn compare(site: &Site, phone: &str, current: String) -> Result<Option<String>, Problem> {
    let known = identity::credentials(&mut *site.conn().await?, phone).await?;
    let hash = known.map(|known| known.password_hash);
    Ok(if password::verify(current, hash.clone()).await? { hash } else { None })
}

fn wrong_password() -> Problem {
    let mut problem = Problem::new(StatusCode::UNAUTHORIZED, "bad_credentials", "Текущий пароль неверен");
    problem.errors = vec![FieldProblem::new("currentPassword", "wrong")];
    problem
}
