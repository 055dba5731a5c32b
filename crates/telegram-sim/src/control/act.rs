use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::answer::Problem;
use super::of_bot::OfBot;
use crate::state::draft::Draft;
use crate::world::World;

pub(super) async fn block(OfBot(world): OfBot, Path(id): Path<i64>) -> Result<StatusCode, Problem> {
    world.state().set_blocked(id, true)?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn unblock(OfBot(world): OfBot, Path(id): Path<i64>) -> Result<StatusCode, Problem> {
    world.state().set_blocked(id, false)?;
    Ok(StatusCode::NO_CONTENT)
}

/// The person shares their own phone number, as the button with `request_contact` does.
pub(super) async fn share_contact(
    OfBot(world): OfBot,
    Path(id): Path<i64>,
) -> Result<(StatusCode, Json<Value>), Problem> {
    let mut state = world.state();
    let draft = state
        .accounts
        .get(&id)
        .ok_or_else(|| Problem::not_found("no such user"))?
        .user
        .contact()
        .map(|contact| Draft::default().with("contact", contact))
        .ok_or_else(|| Problem::bad_request("the user has no phone number"))?;
    let message_id = state.receive(id, draft)?;
    Ok((StatusCode::CREATED, Json(json!({"message_id": message_id}))))
}

#[derive(Debug, Deserialize)]
pub(super) struct Reacted {
    reactions: Vec<String>,
}

/// All the signs that the message is to have from now on.
pub(super) async fn react(
    OfBot(world): OfBot,
    Path((id, message_id)): Path<(i64, i32)>,
    Json(reacted): Json<Reacted>,
) -> Result<StatusCode, Problem> {
    world.state().react(id, message_id, reacted.reactions)?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Debug, Deserialize)]
pub(super) struct Pressed {
    data: String,
}

pub(super) async fn press(
    OfBot(world): OfBot,
    Path((id, message_id)): Path<(i64, i32)>,
    Json(pressed): Json<Pressed>,
) -> Result<StatusCode, Problem> {
    world.state().press(id, message_id, &pressed.data)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Any update at all: `{"kind": {…}}`, to which only the update id is added.
pub(super) async fn push_update(
    OfBot(world): OfBot,
    Json(update): Json<Map<String, Value>>,
) -> Result<(StatusCode, Json<Value>), Problem> {
    let Some((kind, body)) = update.iter().next().filter(|_| update.len() == 1) else {
        return Err(Problem::bad_request("one kind of update, please"));
    };
    let id = world.state().push_update(kind, &body.to_string());
    Ok((StatusCode::CREATED, Json(json!({"update_id": id}))))
}

/// Every bot that has called, and the first one.
pub(super) async fn bots(State(world): State<World>) -> Json<Vec<Value>> {
    Json(world.bots().iter().map(|world| world.state().shown_bot()).collect())
}

pub(super) async fn bot(OfBot(world): OfBot) -> Json<Value> {
    Json(world.state().shown_bot())
}
