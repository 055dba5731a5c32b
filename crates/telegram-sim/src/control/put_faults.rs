use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use serde_json::{Value, json};

use super::answer::Problem;
use super::of_bot::OfBot;
use crate::state::fault::{Fault, Listed};

pub(super) async fn list(OfBot(world): OfBot) -> Json<Vec<Listed>> {
    Json(world.state().faults.list().to_vec())
}

pub(super) async fn add(OfBot(world): OfBot, Json(fault): Json<Fault>) -> (StatusCode, Json<Value>) {
    let mut state = world.state();
    let id = state.faults.add(fault);
    state.tell_faults();
    (StatusCode::CREATED, Json(json!({"id": id})))
}

pub(super) async fn remove(OfBot(world): OfBot, Path(id): Path<u64>) -> Result<StatusCode, Problem> {
    let mut state = world.state();
    if !state.faults.remove(id) {
        return Err(Problem::not_found("no such fault"));
    }
    state.tell_faults();
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn clear(OfBot(world): OfBot) -> StatusCode {
    let mut state = world.state();
    state.faults.clear();
    state.tell_faults();
    StatusCode::NO_CONTENT
}
