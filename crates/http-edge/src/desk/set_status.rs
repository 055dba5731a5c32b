use std::time::Duration;

use axum::{
    Json,
    extract::{Path, State},
    response::Redirect,
};
use events::{
    Outgoing, Service,
    chats::{ChatClosed, ChatOpened},
};
use serde::{Deserialize, Serialize};
use store::chats::{self, Status};
use utoipa::ToSchema;

use super::settled;
use crate::{
    auth::{Caller, PageStaff, Staff},
    edge::Site,
    extract::{self, Field, Form},
    problem::{FieldProblem, Problem, ProblemBody},
    trace::Trace,
};

/// How long the answer waits for the table.
const PATIENCE: Duration = Duration::from_secs(3);

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Input {
    user_id: Field<i64>,
    status: Field<String>,
}

/// Also the answer.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ChatStatus {
    /// Telegram's id of the user.
    user_id: i64,
    /// `open` or `closed`.
    status: &'static str,
}

#[derive(Debug, Deserialize)]
pub(crate) struct PageForm {
    status: String,
}

/// Close or reopen a chat
#[utoipa::path(
    patch, path = "/api/operator-chats", tag = "desk", request_body = ChatStatus,
    responses(
        (status = 200, description = "Done", body = ChatStatus),
        (status = 400, description = "missing_fields", body = ProblemBody),
        (status = 401, description = "unauthorized", body = ProblemBody),
        (status = 403, description = "not_an_operator", body = ProblemBody),
        (status = 404, description = "not_found", body = ProblemBody),
        (status = 422, description = "invalid_fields", body = ProblemBody),
    )
)]
pub(crate) async fn set_chat_status(
    State(site): State<Site>,
    Staff(caller): Staff,
    trace: Trace,
    extract::Json(input): extract::Json<Input>,
) -> Result<Json<ChatStatus>, Problem> {
    let status = input.status.required().and_then(|name| match name.as_str() {
        "" => Err("required"),
        name => Status::from_name(name).ok_or("invalid"),
    });
    match (input.user_id.required(), status) {
        (Ok(user_id), Ok(status)) => {
            set(&site, &caller, user_id, status, trace).await?;
            Ok(Json(ChatStatus { user_id, status: status.name() }))
        }
        (user_id, status) => Err(Problem::fields(
            [("userId", user_id.err()), ("status", status.err())]
                .into_iter()
                .filter_map(|(field, code)| Some(FieldProblem::new(field, code?)))
                .collect(),
        )),
    }
}

/// `POST /dashboard/users/{userId}/operator-chat/status`
pub(crate) async fn status_form(
    State(site): State<Site>,
    PageStaff(caller): PageStaff,
    Path(user_id): Path<i64>,
    trace: Trace,
    Form(form): Form<PageForm>,
) -> Result<Redirect, Problem> {
    let status = Status::from_name(&form.status).ok_or_else(|| Problem::bad_request("no such status"))?;
    set(&site, &caller, user_id, status, trace).await?;
    Ok(Redirect::to(&format!("/dashboard/users/{user_id}/operator-chat")))
}

async fn set(
    site: &Site,
    caller: &Caller,
    user_id: i64,
    status: Status,
    trace: Trace,
) -> Result<(), Problem> {
    let chat = chats::by_user(&mut *site.conn().await?, user_id).await?.ok_or_else(Problem::not_found)?;
    if chat.status == status {
        return Ok(());
    }
    let auth = caller.auth();
    let mut event = match status {
        Status::Open => Outgoing::request(Service::HttpEdge, &auth, ChatOpened { user_id }),
        Status::Closed => Outgoing::request(Service::HttpEdge, &auth, ChatClosed { user_id }),
    };
    event.meta.traceparent = trace.0;
    let published = site.bus.publish(&event).await?;
    // It is decided; a list that is asked for right after should say so, too.
    if !settled::wait_for(site, published.sequence, PATIENCE).await {
        tracing::warn!("the chat worker is behind: a status is not in the table yet");
    }
    Ok(())
}
