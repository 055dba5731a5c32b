use std::time::Duration;

use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use events::{
    LogEvent, Outgoing, Service,
    accounts::{AccountEvent, CreditRefusalCode, CreditRequested},
    derived_id,
    orders::rules,
};
use serde::{Deserialize, Serialize};
use store::accounts;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    auth::Admin,
    edge::Site,
    extract::{self, Field, NumberText},
    orders::create::idempotency_key,
    problem::{FieldProblem, Problem, ProblemBody},
    trace::Trace,
    wire,
};

const PATIENCE: Duration = Duration::from_secs(5);
const REASON: usize = 500;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Input {
    amount: Field<NumberText>,
    reason: Field<String>,
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
    Credited { available: i64, held: i64 },
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
    let (amount, reason) = read(input).map_err(Problem::fields)?;
    let id = derived_id(&["credit", &user_id.to_string(), &key, &amount.to_string()]);
    let event = CreditRequested { user_id, amount, reason };
    let mut request = Outgoing::request_with_id(id, Service::HttpEdge, &caller.auth(), event);
    request.meta.traceparent = trace.0;
    let mut waiter = site.tail.waiter(id);
    let published = site.bus.publish(&request).await?;
    let patience = if published.duplicate { Duration::from_millis(500) } else { PATIENCE };
    let outcome = waiter
        .wait(patience, |recorded| match &recorded.event {
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
        Some(Outcome::Refused(CreditRefusalCode::UserNotFound)) => return Err(Problem::user_not_found()),
        Some(Outcome::Refused(CreditRefusalCode::InvalidAmount)) => {
            return Err(Problem::fields(vec![FieldProblem::new("amount", "invalid")]));
        }
        None => {
            let balance = accounts::balance(&mut *site.conn().await?, user_id).await?;
            let status = if published.duplicate { StatusCode::CREATED } else { StatusCode::ACCEPTED };
            (status, wire::Balance::new(balance.available, balance.held))
        }
    };
    Ok((status, Json(CreditBody { user_id, balance })).into_response())
}

fn read(input: Input) -> Result<(i64, String), Vec<FieldProblem>> {
    let amount = input.amount.required().and_then(|number| {
        let kopecks = rules::parse_amount(&number.0).map_err(rules::Fault::code)?;
        if kopecks > 0 { Ok(kopecks) } else { Err("too_small") }
    });
    let reason = input.reason.required().map(|reason| rules::line(&reason)).and_then(|reason| {
        match reason.chars().count() {
            0 => Err("required"),
            length if length > REASON => Err("too_long"),
            _ => Ok(reason),
        }
    });
    match (amount, reason) {
        (Ok(amount), Ok(reason)) => Ok((amount, reason)),
        (amount, reason) => Err([("amount", amount.err()), ("reason", reason.err())]
            .into_iter()
            .filter_map(|(field, code)| Some(FieldProblem::new(field, code?)))
            .collect()),
    }
}
