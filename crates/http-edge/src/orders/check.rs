use axum::{Json, extract::State};
use serde::Serialize;
use store::accounts;
use utoipa::ToSchema;

use super::input::{NewOrder, OrderInput};
use crate::{
    auth::Customer,
    edge::Site,
    extract::JsonText,
    problem::{FieldProblem, Problem, ProblemBody},
    wire,
};

/// What would stand in the way of an order.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CheckBody {
    /// One entry per field that is missing or breaks a rule, in the order of the form; empty when all is well.
    errors: Vec<FieldProblem>,
    /// The amount as it was read, in rubles; null when it could not be.
    #[schema(value_type = Option<f64>)]
    total_amount: Option<wire::Rubles>,
    balance: wire::Balance,
    /// What the balance lacks for the amount, in rubles; 0 when it covers it.
    #[schema(value_type = f64)]
    missing: wire::Rubles,
}

/// Check an order without creating it
///
/// By the rules that the order itself will be held against; nothing is stored. The balance may be another one by
/// then.
#[utoipa::path(
    post, path = "/api/orders/check", tag = "orders", request_body = NewOrder,
    responses(
        (status = 200, description = "What is missing or wrong", body = CheckBody),
        (status = 400, description = "bad_request", body = ProblemBody),
        (status = 401, description = "unauthorized", body = ProblemBody),
        (status = 403, description = "not_a_customer", body = ProblemBody),
    )
)]
pub(crate) async fn check_order(
    State(site): State<Site>,
    Customer(caller): Customer,
    body: JsonText,
) -> Result<Json<CheckBody>, Problem> {
    let read = body.parse::<OrderInput>()?.read();
    let amount = read.amount();
    let errors = read.check(events::now()).err().unwrap_or_default();
    let balance = accounts::balance(&mut *site.conn().await?, caller.id()).await?;
    let missing = amount.unwrap_or_default().saturating_sub(balance.available).max(0);
    Ok(Json(CheckBody {
        errors: errors.into_iter().map(FieldProblem::from).collect(),
        total_amount: amount.map(wire::Rubles),
        balance: wire::Balance::new(balance.available, balance.held),
        missing: wire::Rubles(missing),
    }))
}
