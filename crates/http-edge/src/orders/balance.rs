use axum::{Json, extract::State};
use store::accounts;

use crate::{
    auth::Caller,
    edge::Site,
    problem::{Problem, ProblemBody},
    wire,
};

/// One's own balance
#[utoipa::path(
    get, path = "/api/balance", tag = "orders",
    responses(
        (status = 200, description = "In rubles", body = wire::Balance),
        (status = 401, description = "unauthorized", body = ProblemBody),
    )
)]
pub(crate) async fn show_balance(
    State(site): State<Site>,
    caller: Caller,
) -> Result<Json<wire::Balance>, Problem> {
    let balance = accounts::balance(&mut *site.conn().await?, caller.id()).await?;
    Ok(Json(wire::Balance::new(balance.available, balance.held)))
}
