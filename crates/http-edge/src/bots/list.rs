use axum::{Json, extract::State};
use serde::Serialize;
use store::desk;
use utoipa::ToSchema;

use crate::{
    auth::Admin,
    edge::{Edge, Site},
    problem::{Problem, ProblemBody},
    wire,
};

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BotsBody {
    bots: Vec<wire::Bot>,
}

/// The desk's bots
#[utoipa::path(
    get, path = "/api/admin/bots", tag = "admin",
    responses(
        (status = 200, description = "Every bot that was ever connected", body = BotsBody),
        (status = 401, description = "unauthorized", body = ProblemBody),
        (status = 403, description = "not_an_admin", body = ProblemBody),
    )
)]
pub(crate) async fn list_bots(
    State(site): State<Site>,
    Admin(_admin): Admin,
) -> Result<Json<BotsBody>, Problem> {
    let bots = all(&site).await?;
    Ok(Json(BotsBody { bots: bots.into_iter().map(wire::Bot::from).collect() }))
}

pub(crate) async fn all(edge: &Edge) -> Result<Vec<desk::Bot>, Problem> {
    desk::all(&mut *edge.conn().await?).await.map_err(Problem::internal)
}

pub(super) async fn one(edge: &Edge, bot_id: i64) -> Result<desk::Bot, Problem> {
    let bot = desk::bot(&mut *edge.conn().await?, bot_id).await.map_err(Problem::internal)?;
    bot.ok_or_else(Problem::not_found)
}
