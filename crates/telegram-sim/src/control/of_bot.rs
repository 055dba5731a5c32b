use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use serde::Deserialize;

use super::answer::Problem;
use crate::world::World;

/// The world of the bot that `?bot=<id>` names, or of the first one.
#[derive(Debug)]
pub(super) struct OfBot(pub(super) World);

#[derive(Deserialize)]
struct Asked {
    bot: Option<i64>,
}

impl FromRequestParts<World> for OfBot {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, world: &World) -> Result<Self, Problem> {
        let Query(asked) = Query::<Asked>::try_from_uri(&parts.uri)
            .map_err(|_| Problem::bad_request("the id of a bot is a number"))?;
        match asked.bot {
            None => Ok(Self(world.clone())),
            Some(id) => world.known(id).map(Self).ok_or_else(|| Problem::not_found("no such bot")),
        }
    }
}
