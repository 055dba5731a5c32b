use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::{Value, json};

use super::answer::Problem;
use crate::state::fault::{Fault, Listed};
use crate::world::World;

pub(super) async fn list(State(world): State<World>) -> Json<Vec<Listed>> {
    Json(world.state().faults.list().to_vec())
}

pub(super) async fn add(State(world): State<World>, Json(fault): Json<Fault>) -> (StatusCode, Json<Value>) {
    let mut state = world.state();
    let id = state.faults.add(fault);
    state.tell_faults();
    (StatusCode::CREATED, Json(json!({"id": id})))
}

pub(super) async fn remove(State(world): State<World>, Path(id): Path<u64>) -> Result<StatusCode, Problem> {
    let mut state = world.state();
    if !state.faults.remove(id) {
        return Err(Problem::not_found("no such fault"));
    }
    state.tell_faults();
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn clear(State(world): State<World>) -> StatusCode {
    let mut state = world.state();
    state.faults.clear();
    state.tell_faults();
    StatusCode::NO_CONTENT
}
