use std::time::Instant;

use axum::{
    extract::{Query, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use events::{
    Outgoing, Service,
    users::{Listener, UserSignInFailed},
};
use serde::Deserialize;
use store::identity::{self, CredentialsError, password};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    Who,
    new_session::{Begun, new_session},
    next::next,
};
use crate::{
    auth::{Caller, read_phone},
    client_address::ClientAddress,
    edge::Site,
    extract::{Field, Form, Json},
    layout::{self, Frame},
    pages::{self, SignInPage, SignInProblem},
    problem::{FieldProblem, Problem, ProblemBody},
    wire::SignedIn,
};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Input {
    phone: Field<String>,
    password: Field<String>,
}

/// The body of `POST /api/auth/signin`, for the documentation alone.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "only its schema is used")]
pub(crate) struct Credentials {
    /// In any usual form.
    phone: String,
    password: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct PageForm {
    phone: String,
    password: String,
    role: Option<String>,
    next: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    role: Option<String>,
    next: Option<String>,
}

/// Sign in
#[utoipa::path(
    post, path = "/api/auth/signin", tag = "identity", request_body = Credentials,
    responses(
        (status = 200, description = "Who is signed in, and a session cookie", body = SignedIn),
        (status = 400, description = "missing_fields", body = ProblemBody),
        (status = 401, description = "bad_credentials, whether the phone exists or not", body = ProblemBody),
        (status = 403, description = "account_disabled; not_staff, in the back office", body = ProblemBody),
        (status = 429, description = "too_many_requests, with Retry-After", body = ProblemBody),
    )
)]
pub(crate) async fn sign_in(
    State(site): State<Site>,
    address: ClientAddress,
    headers: HeaderMap,
    Json(input): Json<Input>,
) -> Result<Response, Problem> {
    Ok(begin(&site, &headers, address, input).await?.answer(&site, StatusCode::OK))
}

/// `/auth/signin`
pub(crate) async fn sign_in_page(
    State(site): State<Site>,
    caller: Option<Caller>,
    frame: Frame,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    if let Some(caller) = caller {
        let to = next(asked.next.as_deref(), site.listener, caller.user.role);
        return Ok(Redirect::to(&to).into_response());
    }
    let problem = asked.next.is_some().then_some(SignInProblem::Required);
    layout::html(&page(frame, String::new(), asked, problem))
}

/// `POST /auth/signin`
pub(crate) async fn sign_in_form(
    State(site): State<Site>,
    address: ClientAddress,
    headers: HeaderMap,
    frame: Frame,
    Form(form): Form<PageForm>,
) -> Result<Response, Problem> {
    let input = Input { phone: Field::Given(form.phone.clone()), password: Field::Given(form.password) };
    match begin(&site, &headers, address, input).await {
        Ok(begun) => Ok(begun.go_on(&site, form.next.as_deref())),
        Err(problem) => {
            let said = match problem.code {
                "bad_credentials" | "missing_fields" => SignInProblem::BadCredentials,
                "too_many_requests" => SignInProblem::TooMany,
                "not_staff" => SignInProblem::NotStaff,
                "account_disabled" => SignInProblem::Disabled,
                _ => return Err(problem),
            };
            let asked = Asked { role: form.role, next: form.next };
            let status = match problem.status {
                StatusCode::BAD_REQUEST => StatusCode::UNPROCESSABLE_ENTITY,
                status => status,
            };
            let html = layout::html(&page(frame, form.phone, asked, Some(said)))?;
            Ok((status, html).into_response())
        }
    }
}

fn page(frame: Frame, phone: String, asked: Asked, problem: Option<SignInProblem>) -> SignInPage {
    SignInPage {
        layout: frame.of(None, 0),
        role: asked.role.as_deref().and_then(pages::Role::from_choice),
        next: asked.next,
        phone,
        problem,
    }
}

/// Compares the password and begins a session. What the client learns, and when, is the same whether the
/// account exists or not: one question to the database, one comparison of a password.
async fn begin(
    site: &Site,
    headers: &HeaderMap,
    ClientAddress(address): ClientAddress,
    input: Input,
) -> Result<Begun, Problem> {
    let mut missing = Vec::new();
    let mut text = |field: &str, value: Field<String>| {
        let value = value.given().filter(|value| !value.is_empty());
        value.unwrap_or_else(|| {
            missing.push(FieldProblem::new(field, "required"));
            String::new()
        })
    };
    let (typed, password) = (text("phone", input.phone), text("password", input.password));
    if !missing.is_empty() {
        return Err(Problem::fields(missing));
    }
    // What is no phone has no account either, and is answered in the same time.
    let phone = read_phone(&typed);
    let who = Who::new(phone.as_deref(), &typed, address);
    let attempt = site.attempts.begin(who, Instant::now()).map_err(Problem::wait)?;
    let (known, right) = match compare(site, phone.unwrap_or_default(), password).await {
        Ok(compared) => compared,
        Err(problem) => {
            attempt.undecided();
            return Err(problem);
        }
    };
    let Some(known) = known else { return Err(bad_credentials()) };
    if !right {
        tell_of_failure(site, known.user.id);
        return Err(bad_credentials());
    }
    let user = known.user;
    if known.disabled {
        attempt.succeeded(Instant::now());
        return Err(account_disabled());
    }
    if site.listener == Listener::Backoffice && !user.role.is_staff() {
        attempt.succeeded(Instant::now());
        return Err(Problem::new(StatusCode::FORBIDDEN, "not_staff", "Этот вход только для сотрудников"));
    }
    let (session, secret) = new_session(site, headers);
    let (relay, id, compared) = (site.relay.clone(), user.id, known.password_hash);
    let open =
        tokio::spawn(async move { identity::open_session(&relay, id, &compared, &session).await }).await?;
    if matches!(open, Err(CredentialsError::Replaced | CredentialsError::NoSuchUser)) {
        // It was right a moment ago; whoever knows the new one comes in with that.
        return Err(bad_credentials());
    }
    attempt.succeeded(Instant::now());
    match open {
        Ok(()) => Ok(Begun { user, secret }),
        Err(CredentialsError::Other(error)) => Err(error.into()),
        Err(_) => Err(account_disabled()),
    }
}

async fn compare(
    site: &Site,
    phone: String,
    password: String,
) -> Result<(Option<identity::Credentials>, bool), Problem> {
    let known = identity::credentials(&mut *site.conn().await?, &phone).await?;
    let right = password::verify(password, known.as_ref().map(|known| known.password_hash.clone())).await?;
    Ok((known, right))
}

fn bad_credentials() -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, "bad_credentials", "Неверный телефон или пароль")
}

fn account_disabled() -> Problem {
    Problem::new(StatusCode::FORBIDDEN, "account_disabled", "Аккаунт отключён администратором")
}

/// Beside the answer, which must not take longer for an account that exists.
fn tell_of_failure(site: &Site, user_id: Uuid) {
    let event = UserSignInFailed { user_id, listener: site.listener };
    let event = Outgoing::request(Service::HttpEdge, Service::HttpEdge.name(), event);
    let bus = site.bus.clone();
    tokio::spawn(async move {
        if let Err(error) = bus.publish(&event).await {
            tracing::warn!(%error, "a failed sign-in is not in the log");
        }
    });
}
