use std::time::Duration;

use axum::{
    Json,
    extract::{Path, State},
};
use events::{
    Outgoing, Service,
    desk::{BotSettings, BotSettingsChanged},
};

use super::{list, rules::Wanted};
use crate::{
    auth::{Admin, Caller},
    desk::settled,
    edge::Site,
    extract,
    problem::{Problem, ProblemBody},
    trace::Trace,
    wire,
};

/// How long the answer waits for the table.
const PATIENCE: Duration = Duration::from_secs(3);

/// Set how a bot behaves by itself
///
/// What is left out is nothing: a bot without a text says nothing, one without hours is always attended.
#[utoipa::path(
    put, path = "/api/admin/bots/{id}/settings", tag = "admin", request_body = wire::BotSettings,
    params(("id" = i64, Path, description = "Telegram's id of the bot")),
    responses(
        (status = 200, description = "The settings as they are now", body = wire::BotSettings),
        (status = 400, description = "missing_fields", body = ProblemBody),
        (status = 401, description = "unauthorized", body = ProblemBody),
        (status = 403, description = "not_an_admin", body = ProblemBody),
        (status = 404, description = "not_found", body = ProblemBody),
        (status = 422, description = "invalid_fields", body = ProblemBody),
    )
)]
pub(crate) async fn set_bot_settings(
    State(site): State<Site>,
    Admin(caller): Admin,
    Path(bot_id): Path<i64>,
    trace: Trace,
    extract::Json(wanted): extract::Json<Wanted>,
) -> Result<Json<wire::BotSettings>, Problem> {
    list::one(&site, bot_id).await?;
    let settings = wanted.read().map_err(Problem::fields)?;
    set(&site, &caller, bot_id, settings.clone(), trace).await?;
    Ok(Json(settings.into()))
}

pub(super) async fn set(
    site: &Site,
    caller: &Caller,
    bot_id: i64,
    settings: BotSettings,
    trace: Trace,
) -> Result<(), Problem> {
    let event = BotSettingsChanged { bot_id, settings };
    let mut request = Outgoing::request(Service::HttpEdge, &caller.auth(), event);
    request.meta.traceparent = trace.0;
    let published = site.bus.publish(&request).await?;
    // It is decided; a list that is asked for right after should say so, too.
    if !settled::wait_for_desk(site, published.sequence, PATIENCE).await {
        tracing::warn!("the chat worker is behind: a bot's settings are not in the table yet");
    }
    Ok(())
}
