use axum::Json;
use serde_json::json;

use super::answer::Problem;
use super::of_bot::OfBot;
use crate::state::limiter::Limits;
use crate::state::signals::Told;

pub(super) async fn show(OfBot(world): OfBot) -> Json<Limits> {
    Json(world.state().limiter.limits())
}

pub(super) async fn set(OfBot(world): OfBot, Json(limits): Json<Limits>) -> Result<Json<Limits>, Problem> {
    let usable = [limits.chat_per_second, limits.bot_per_second].iter().all(|rate| *rate > 0.0)
        && [limits.chat_burst, limits.bot_burst].iter().all(|burst| *burst >= 1.0);
    if !usable {
        return Err(Problem::bad_request("rates are positive, bursts at least 1"));
    }
    let mut state = world.state();
    state.limiter.set(limits);
    state.signals.tell(|| Some(Told::new("limits", &json!(limits))));
    Ok(Json(limits))
}
