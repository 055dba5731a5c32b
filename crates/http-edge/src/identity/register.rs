use axum::{
    extract::{Query, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use events::{orders::rules, users::Role};
use serde::Deserialize;
use store::identity::{self, NewAccount, RegisterError, password};
use utoipa::ToSchema;

use super::{
    new_session::{Begun, new_session},
    next::next,
};
use crate::{
    auth::{Caller, read_phone},
    client_address::ClientAddress,
    edge::Site,
    extract::{Field, Form, Json},
    layout::{self, Frame},
    pages::{FieldError, SignUpForm, SignUpPage},
    problem::{FieldProblem, Problem, ProblemBody},
    wire::SignedIn,
};

const NAME: usize = 100;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Input {
    phone: Field<String>,
    password: Field<String>,
    name: Field<String>,
    role: Field<String>,
}

/// The body of `POST /api/auth/register`, for the documentation alone.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "only its schema is used")]
pub(crate) struct NewUser {
    /// In any usual form; Russian without a country code.
    phone: String,
    /// 8 to 200 characters, none of the common ones, without one's phone or name.
    password: String,
    /// 1 to 100 characters.
    name: String,
    /// `CUSTOMER` or `EXECUTOR`.
    role: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct PageForm {
    phone: String,
    password: String,
    name: String,
    role: String,
    next: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    role: String,
    next: Option<String>,
}

/// Sign up
#[utoipa::path(
    post, path = "/api/auth/register", tag = "identity", request_body = NewUser,
    responses(
        (status = 201, description = "The account, and a session cookie", body = SignedIn),
        (status = 400, description = "missing_fields", body = ProblemBody),
        (status = 409, description = "phone_taken", body = ProblemBody),
        (status = 422, description = "One entry per wrong field", body = ProblemBody),
        (status = 429, description = "too_many_requests, with Retry-After", body = ProblemBody),
    )
)]
pub(crate) async fn register(
    State(site): State<Site>,
    address: ClientAddress,
    headers: HeaderMap,
    Json(input): Json<Input>,
) -> Result<Response, Problem> {
    Ok(make(&site, &headers, address, input).await?.answer(&site, StatusCode::CREATED))
}

/// `/auth/signup`
pub(crate) async fn sign_up_page(
    State(site): State<Site>,
    caller: Option<Caller>,
    frame: Frame,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    if let Some(caller) = caller {
        let to = next(asked.next.as_deref(), site.listener, caller.user.role);
        return Ok(Redirect::to(&to).into_response());
    }
    layout::html(&SignUpPage {
        layout: frame.of(None, 0),
        form: SignUpForm { role: asked.role, ..SignUpForm::default() },
        next: asked.next,
        errors: Vec::new(),
    })
}

/// `POST /auth/signup`
pub(crate) async fn sign_up_form(
    State(site): State<Site>,
    address: ClientAddress,
    headers: HeaderMap,
    frame: Frame,
    Form(form): Form<PageForm>,
) -> Result<Response, Problem> {
    let given = |text: &str| match text.trim() {
        "" => Field::Missing,
        _ => Field::Given(text.to_owned()),
    };
    let input = Input {
        phone: given(&form.phone),
        password: given(&form.password),
        name: given(&form.name),
        role: given(&form.role),
    };
    match make(&site, &headers, address, input).await {
        Ok(begun) => Ok(begun.go_on(&site, form.next.as_deref())),
        Err(problem) if !problem.errors.is_empty() => {
            let page = SignUpPage {
                layout: frame.of(None, 0),
                form: SignUpForm { phone: form.phone, name: form.name, role: form.role },
                next: form.next,
                errors: problem.errors.into_iter().map(FieldError::from).collect(),
            };
            Ok((StatusCode::UNPROCESSABLE_ENTITY, layout::html(&page)?).into_response())
        }
        Err(problem) => Err(problem),
    }
}

/// Makes the account and its first session.
async fn make(
    site: &Site,
    headers: &HeaderMap,
    ClientAddress(address): ClientAddress,
    input: Input,
) -> Result<Begun, Problem> {
    let (phone, password, name, role) = read(input).map_err(Problem::fields)?;
    // Before the hash, which costs something, and before the answer whether the phone is taken.
    site.registration_limit.take(address).map_err(Problem::too_many_requests)?;
    let (session, secret) = new_session(site, headers);
    let password_hash = password::hash(password).await?;
    let account = NewAccount { phone, name, role, password_hash, session: Some(session) };
    let relay = site.relay.clone();
    // A task of its own: a client that goes away must not leave the commit half done.
    let user = tokio::spawn(async move { identity::register(&relay, account, None).await }).await?;
    match user {
        Ok(user) => Ok(Begun { user, secret }),
        Err(RegisterError::PhoneTaken) => {
            let mut problem =
                Problem::new(StatusCode::CONFLICT, "phone_taken", "Этот телефон уже зарегистрирован");
            problem.errors = vec![FieldProblem::new("phone", "taken")];
            Err(problem)
        }
        Err(RegisterError::Other(error)) => Err(error.into()),
    }
}

fn read(input: Input) -> Result<(String, String, String, Role), Vec<FieldProblem>> {
    let phone = input.phone.required().and_then(|phone| match phone.trim() {
        "" => Err("required"),
        phone => read_phone(phone).ok_or("invalid"),
    });
    let name =
        input.name.required().map(|name| rules::line(&name)).and_then(|name| match name.chars().count() {
            0 => Err("required"),
            length if length > NAME => Err("too_long"),
            _ => Ok(name),
        });
    let (own_phone, own_name) = (phone.as_deref().unwrap_or_default(), name.as_deref().unwrap_or_default());
    let password = new_password(input.password, own_phone, own_name);
    let role = input.role.required().and_then(|role| match role.as_str() {
        "" => Err("required"),
        role => Role::from_name(role)
            .filter(|role| matches!(role, Role::Customer | Role::Executor))
            .ok_or("invalid"),
    });
    match (phone, password, name, role) {
        (Ok(phone), Ok(password), Ok(name), Ok(role)) => Ok((phone, password, name, role)),
        (phone, password, name, role) => {
            let faults = [
                ("role", role.err()),
                ("name", name.err()),
                ("phone", phone.err()),
                ("password", password.err()),
            ];
            Err(faults
                .into_iter()
                .filter_map(|(field, code)| Some(FieldProblem::new(field, code?)))
                .collect())
        }
    }
}

/// A password that the account of this phone and name may have, or what is wrong with it.
pub(super) fn new_password(given: Field<String>, phone: &str, name: &str) -> Result<String, &'static str> {
    let password = given.required()?;
    if password.is_empty() {
        return Err("required");
    }
    password::check(&password, phone, name).map_err(password::PasswordFault::code)?;
    Ok(password)
}

impl From<FieldProblem> for FieldError {
    fn from(problem: FieldProblem) -> Self {
        // The form's fields have no path: `location.country` is `country` there.
        let field = problem.field.rsplit('.').next().unwrap_or(&problem.field).to_owned();
        Self { field, code: problem.code, message: problem.message }
    }
}
