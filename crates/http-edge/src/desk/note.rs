use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::Redirect,
};
use events::{
    Outgoing, Service,
    chats::{NoteAdded, NoteRemoved},
    derived_id, request_id,
};
use serde::{Deserialize, Serialize};
use store::chats;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{act, words};
use crate::{
    auth::{Caller, PageStaff, Staff},
    edge::Site,
    extract::{self, Field, Form},
    problem::{Problem, ProblemBody},
    trace::Trace,
    wire,
};

/// UTF-16 units of a note.
const LONGEST: usize = 4_096;

#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NewNote {
    /// At most 4,096 UTF-16 units.
    #[serde(default)]
    #[schema(value_type = String)]
    note_text: Field<String>,
    /// The same one twice is one note.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    client_note_id: Field<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NoteBody {
    note: wire::Note,
}

/// Write something down for colleagues
///
/// A note is no message: it never goes to Telegram.
#[utoipa::path(
    post, path = "/api/users/{userId}/operator-chat/notes", tag = "desk", request_body = NewNote,
    params(("userId" = i64, Path, description = "Telegram's id of the user")),
    responses(
        (status = 201, description = "Kept", body = NoteBody),
        (status = 400, description = "missing_fields", body = ProblemBody),
        (status = 401, description = "unauthorized", body = ProblemBody),
        (status = 403, description = "not_an_operator", body = ProblemBody),
        (status = 404, description = "not_found", body = ProblemBody),
        (status = 422, description = "invalid_fields", body = ProblemBody),
    )
)]
pub(crate) async fn add_note(
    State(site): State<Site>,
    Staff(caller): Staff,
    Path(user_id): Path<i64>,
    trace: Trace,
    extract::Json(input): extract::Json<NewNote>,
) -> Result<(StatusCode, Json<NoteBody>), Problem> {
    let note = add(&site, &caller, user_id, input, trace).await?;
    Ok((StatusCode::CREATED, Json(NoteBody { note })))
}

/// Take a note away
#[utoipa::path(
    delete, path = "/api/users/{userId}/operator-chat/notes/{noteId}", tag = "desk",
    params(("userId" = i64, Path, description = "Telegram's id of the user"), ("noteId" = Uuid, Path)),
    responses(
        (status = 204, description = "Gone; the log keeps it"),
        (status = 401, description = "unauthorized", body = ProblemBody),
        (status = 403, description = "not_an_operator", body = ProblemBody),
        (status = 404, description = "not_found", body = ProblemBody),
    )
)]
pub(crate) async fn remove_note(
    State(site): State<Site>,
    Staff(caller): Staff,
    Path((user_id, note_id)): Path<(i64, Uuid)>,
    trace: Trace,
) -> Result<StatusCode, Problem> {
    remove(&site, &caller, user_id, note_id, trace).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PageForm {
    note_text: String,
}

/// `POST /dashboard/users/{userId}/operator-chat/notes`
pub(crate) async fn note_form(
    State(site): State<Site>,
    PageStaff(caller): PageStaff,
    Path(user_id): Path<i64>,
    trace: Trace,
    Form(form): Form<PageForm>,
) -> Result<Redirect, Problem> {
    let input = NewNote { note_text: Field::Given(form.note_text), client_note_id: Field::Missing };
    let note = add(&site, &caller, user_id, input, trace).await?;
    Ok(Redirect::to(&format!("/dashboard/users/{user_id}/operator-chat#n{}", note.id)))
}

/// `POST /dashboard/users/{userId}/operator-chat/notes/{noteId}/remove`
pub(crate) async fn remove_note_form(
    State(site): State<Site>,
    PageStaff(caller): PageStaff,
    Path((user_id, note_id)): Path<(i64, Uuid)>,
    trace: Trace,
) -> Result<Redirect, Problem> {
    match remove(&site, &caller, user_id, note_id, trace).await {
        // Pressed twice.
        Err(problem) if problem.status != StatusCode::NOT_FOUND => Err(problem),
        _ => Ok(Redirect::to(&format!("/dashboard/users/{user_id}/operator-chat"))),
    }
}

async fn add(
    site: &Site,
    caller: &Caller,
    user_id: i64,
    input: NewNote,
    trace: Trace,
) -> Result<wire::Note, Problem> {
    let note_text = words::read("noteText", input.note_text, LONGEST)?;
    act::chat(site, user_id).await?;
    let given = input.client_note_id.given().filter(|id| !id.is_empty());
    let note_id =
        given.map_or_else(request_id, |id| derived_id(&["note", &caller.auth(), &user_id.to_string(), &id]));
    let event = NoteAdded { user_id, note_id, note_text: note_text.clone(), operator_id: caller.id() };
    let event_id = derived_id(&["note-added", &note_id.to_string()]);
    let mut added = Outgoing::request_with_id(event_id, Service::HttpEdge, &caller.auth(), event);
    added.meta.traceparent = trace.0;
    let created_at = added.meta.time;
    act::tell_once(site, added).await?;
    Ok(wire::Note { id: note_id, note_text, author: Some(caller.user.name.clone()), created_at })
}

async fn remove(
    site: &Site,
    caller: &Caller,
    user_id: i64,
    note_id: Uuid,
    trace: Trace,
) -> Result<(), Problem> {
    let note = chats::note_by_id(&mut *site.conn().await?, user_id, note_id).await?;
    note.ok_or_else(Problem::not_found)?;
    let event = NoteRemoved { user_id, note_id, operator_id: caller.id() };
    act::tell(site, caller, trace, event).await
}
