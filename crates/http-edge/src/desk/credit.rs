use std::time::Duration;

use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use events::{
    Event as _, LogEvent, Outgoing, Service,
    accounts::{AccountCredited, AccountEvent, CreditRefusalCode, CreditRequested},
    derived_id, fact_id,
    orders::rules,
};
use serde::{Deserialize, Serialize};
use store::{accounts, users};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    admin::read_reason,
    auth::{Admin, Caller},
    edge::Site,
    extract::{self, Field, NumberText},
    orders::create::idempotency_key,
    problem::{FieldProblem, Problem, ProblemBody},
    trace::Trace,
    wire,
};

const PATIENCE: Duration = Duration::from_secs(5);
/// What was asked before is decided already, or its decision is late.
const AGAIN: Duration = Duration::from_millis(500);

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Input {
    pub(crate) amount: Field<NumberText>,
    pub(crate) reason: Field<String>,
}

/// The body of a credit, for the documentation alone.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "only its schema is used")]
pub(crate) struct NewCredit {
    /// Rubles above zero, at most two decimals.
    amount: f64,
    /// Why, 1 to 500 characters.
    reason: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CreditBody {
    user_id: Uuid,
    balance: wire::Balance,
}

enum Outcome {
    Credited {
        available: i64,
        held: i64,
    },
    /// Somebody was faster with the same key and other values.
    Another,
    Refused(CreditRefusalCode),
}

/// Add money to an account
#[utoipa::path(
    post, path = "/api/admin/users/{id}/credit", tag = "admin", request_body = NewCredit,
    params(
        ("id" = Uuid, Path),
        ("Idempotency-Key" = String, Header, description = "Repetitions under one key are one credit"),
    ),
    responses(
        (status = 201, description = "Credited; the balance after it", body = CreditBody),
        (status = 202, description = "Not done within 5 s; repeat with the same key", body = CreditBody),
        (status = 400, description = "missing_fields, idempotency_key_required", body = ProblemBody),
        (status = 401, description = "unauthorized", body = ProblemBody),
        (status = 403, description = "not_an_admin", body = ProblemBody),
        (status = 404, description = "user_not_found", body = ProblemBody),
        (status = 409, description = "idempotency_mismatch", body = ProblemBody),
        (status = 422, description = "invalid_fields", body = ProblemBody),
    )
)]
pub(crate) async fn credit_user(
    State(site): State<Site>,
    Admin(caller): Admin,
    Path(user_id): Path<Uuid>,
    headers: HeaderMap,
    trace: Trace,
    extract::Json(input): extract::Json<Input>,
) -> Result<Response, Problem> {
    let key = idempotency_key(&headers)?.ok_or_else(|| {
        Problem::new(StatusCode::BAD_REQUEST, "idempotency_key_required", "Нужен заголовок Idempotency-Key")
    })?;
    let wanted = read(input).map_err(Problem::fields)?;
    let (status, balance) = credit(&site, &caller, user_id, &key, wanted, trace).await?;
    Ok((status, Json(CreditBody { user_id, balance })).into_response())
}

/// Asks for the credit and waits for what the order worker decides: 201 and the balance after it, or 202 and
/// the balance before it while that is not known.
pub(crate) async fn credit(
    site: &Site,
    caller: &Caller,
    user_id: Uuid,
    key: &str,
    (amount, reason): (i64, String),
    trace: Trace,
) -> Result<(StatusCode, wire::Balance), Problem> {
    if users::by_id(&mut *site.conn().await?, user_id).await?.is_none() {
        return Err(Problem::user_not_found());
    }
    let id = derived_id(&["credit", &user_id.to_string(), key]);
    // Done before, perhaps long ago: the same answer, or the key was for something else.
    if let Some(done) = earlier(site, user_id, id).await? {
        return answer(site, user_id, done == (amount, Some(reason))).await;
    }
    let event = CreditRequested { user_id, amount, reason: reason.clone() };
    let mut request = Outgoing::request_with_id(id, Service::HttpEdge, &caller.auth(), event);
    request.meta.traceparent = trace.0;
    let mut waiter = site.tail.waiter(id);
    let published = site.bus.publish(&request).await?;
    let patience = if published.duplicate { AGAIN } else { PATIENCE };
    let outcome = waiter
        .wait(patience, |recorded| match &recorded.event {
            LogEvent::Account(AccountEvent::AccountCredited(event))
                if (event.amount, &event.reason) != (amount, &reason) =>
            {
                Some(Outcome::Another)
            }
            LogEvent::Account(AccountEvent::AccountCredited(event)) => {
                Some(Outcome::Credited { available: event.available, held: event.held })
            }
            LogEvent::Account(AccountEvent::CreditRefused(event)) => Some(Outcome::Refused(event.code)),
            _ => None,
        })
        .await;
    let (status, balance) = match outcome {
        Some(Outcome::Credited { available, held }) => {
            (StatusCode::CREATED, wire::Balance::new(available, held))
        }
        Some(Outcome::Another) => return answer(site, user_id, false).await,
        Some(Outcome::Refused(CreditRefusalCode::UserNotFound)) => return Err(Problem::user_not_found()),
        Some(Outcome::Refused(CreditRefusalCode::InvalidAmount)) => {
            return Err(Problem::fields(vec![FieldProblem::new("amount", "invalid")]));
        }
        None => {
            if let Some(done) = earlier(site, user_id, id).await? {
                return answer(site, user_id, done == (amount, Some(reason))).await;
            }
            let balance = accounts::balance(&mut *site.conn().await?, user_id).await?;
            (StatusCode::ACCEPTED, wire::Balance::new(balance.available, balance.held))
        }
    };
    Ok((status, balance))
}

/// Amount and reason of the credit that this request has led to, if it has.
async fn earlier(
    site: &Site,
    user_id: Uuid,
    request: Uuid,
) -> Result<Option<(i64, Option<String>)>, Problem> {
    let fact = fact_id(request, AccountCredited::NAME, 0);
    let entry = accounts::entry_of(&mut *site.conn().await?, user_id, fact).await?;
    Ok(entry.map(|entry| (entry.amount, entry.reason)))
}

async fn answer(site: &Site, user_id: Uuid, same: bool) -> Result<(StatusCode, wire::Balance), Problem> {
    if !same {
        return Err(Problem::new(
            StatusCode::CONFLICT,
            "idempotency_mismatch",
            "Этот ключ уже использован для другого пополнения",
        ));
    }
    let balance = accounts::balance(&mut *site.conn().await?, user_id).await?;
    Ok((StatusCode::CREATED, wire::Balance::new(balance.available, balance.held)))
}

pub(crate) fn read(input: Input) -> Result<(i64, String), Vec<FieldProblem>> {
    let amount = input.amount.required().and_then(|number| {
        let kopecks = rules::parse_amount(&number.0).map_err(rules::Fault::code)?;
        if kopecks > 0 { Ok(kopecks) } else { Err("too_small") }
    });
    let reason = read_reason(input.reason);
    match (amount, reason) {
        (Ok(amount), Ok(reason)) => Ok((amount, reason)),
        (amount, reason) => Err([("amount", amount.err()), ("reason", reason.err())]
            .into_iter()
            .filter_map(|(field, code)| Some(FieldProblem::new(field, code?)))
            .collect()),
    }
}
