use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::answer::Problem;
use super::of_bot::OfBot;
use crate::state::draft::Draft;

/// What a person writes. Members other than `text` and `reply_to` are members of the Bot API's
/// `Message`, passed on as they are: `location`, `contact`, `dice`, `media_group_id`, …
#[derive(Debug, Deserialize)]
pub(super) struct Written {
    text: Option<String>,
    reply_to: Option<i32>,
    #[serde(flatten)]
    content: Map<String, Value>,
}

pub(super) async fn send_message(
    OfBot(world): OfBot,
    Path(id): Path<i64>,
    Json(written): Json<Written>,
) -> Result<(StatusCode, Json<Value>), Problem> {
    if written.text.as_deref().is_none_or(str::is_empty) && written.content.is_empty() {
        return Err(Problem::bad_request("nothing to send"));
    }
    let draft = Draft { text: written.text, reply_to: written.reply_to, content: written.content };
    let message_id = world.state().receive(id, draft)?;
    Ok((StatusCode::CREATED, Json(json!({"message_id": message_id}))))
}

#[derive(Debug, Deserialize)]
pub(super) struct Edited {
    text: String,
}

/// New text, or a new caption when the message is a file.
pub(super) async fn edit_message(
    OfBot(world): OfBot,
    Path((id, message_id)): Path<(i64, i32)>,
    Json(edited): Json<Edited>,
) -> Result<Json<Value>, Problem> {
    world.state().edit_received(id, message_id, &edited.text)?;
    Ok(Json(json!({"message_id": message_id})))
}
