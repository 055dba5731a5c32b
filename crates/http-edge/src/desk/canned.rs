use axum::{
    Json,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use events::{
    desk::{CannedRemoved, CannedSaved},
    request_id,
};
use serde::{Deserialize, Serialize};
use store::desk::{self, Canned};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{act, settled, words};
use crate::{
    auth::{Caller, PageStaff, Staff},
    edge::Site,
    extract::{self, Field, Form},
    layout::{self, Frame},
    pages::{CannedPage, CannedView},
    problem::{FieldProblem, Problem, ProblemBody},
    trace::Trace,
};

/// UTF-16 units of an answer, characters of a shortcut.
const LONGEST: usize = 4_096;
const LONGEST_SHORTCUT: usize = 32;

/// A ready answer.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CannedReply {
    id: Uuid,
    /// What it is called by after `/`.
    shortcut: String,
    /// With holes: `{name}`, `{first_name}`, `{username}`, `{operator}`, `{order}`.
    canned_text: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CannedBody {
    /// By what they are called by.
    canned_replies: Vec<CannedReply>,
}

#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NewCanned {
    /// 1 to 32 letters, digits, `-` and `_`; kept in lower case.
    #[serde(default)]
    #[schema(value_type = String)]
    shortcut: Field<String>,
    /// At most 4,096 UTF-16 units, with formatting as in a reply.
    #[serde(default)]
    #[schema(value_type = String)]
    canned_text: Field<String>,
}

/// The ready answers
#[utoipa::path(
    get, path = "/api/canned-replies", tag = "desk",
    responses(
        (status = 200, description = "All of them", body = CannedBody),
        (status = 401, description = "unauthorized", body = ProblemBody),
        (status = 403, description = "not_an_operator", body = ProblemBody),
    )
)]
pub(crate) async fn list_canned(
    State(site): State<Site>,
    Staff(_operator): Staff,
) -> Result<Json<CannedBody>, Problem> {
    let canned = desk::canned(&mut *site.conn().await?).await?;
    let canned_replies = canned
        .into_iter()
        .map(|it| CannedReply { id: it.id, shortcut: it.shortcut, canned_text: it.canned_text })
        .collect();
    Ok(Json(CannedBody { canned_replies }))
}

/// Write a ready answer, or write it anew
#[utoipa::path(
    put, path = "/api/canned-replies/{id}", tag = "desk", request_body = NewCanned,
    params(("id" = Uuid, Path, description = "Of the caller's making for a new one")),
    responses(
        (status = 204, description = "Kept"),
        (status = 400, description = "missing_fields", body = ProblemBody),
        (status = 401, description = "unauthorized", body = ProblemBody),
        (status = 403, description = "not_an_operator", body = ProblemBody),
        (status = 422, description = "invalid_fields; also `taken`, when another one has this shortcut", body = ProblemBody),
    )
)]
pub(crate) async fn save_canned(
    State(site): State<Site>,
    Staff(caller): Staff,
    Path(id): Path<Uuid>,
    trace: Trace,
    extract::Json(input): extract::Json<NewCanned>,
) -> Result<StatusCode, Problem> {
    save(&site, &caller, id, input, trace).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Offer a ready answer no longer
#[utoipa::path(
    delete, path = "/api/canned-replies/{id}", tag = "desk", params(("id" = Uuid, Path)),
    responses(
        (status = 204, description = "Gone"),
        (status = 401, description = "unauthorized", body = ProblemBody),
        (status = 403, description = "not_an_operator", body = ProblemBody),
        (status = 404, description = "not_found", body = ProblemBody),
    )
)]
pub(crate) async fn remove_canned(
    State(site): State<Site>,
    Staff(caller): Staff,
    Path(id): Path<Uuid>,
    trace: Trace,
) -> Result<StatusCode, Problem> {
    remove(&site, &caller, id, trace).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    /// The one that is changed.
    edit: Option<Uuid>,
}

/// `/dashboard/canned-replies`
pub(crate) async fn canned_page(
    State(site): State<Site>,
    PageStaff(caller): PageStaff,
    frame: Frame,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let after = settled::position(&site).await;
    let canned = desk::canned(&mut *site.conn().await?).await?;
    let edited = canned.iter().find(|it| Some(it.id) == asked.edit).map(view);
    let page = CannedPage {
        layout: frame.of(Some(&caller.user), after),
        canned: canned.iter().map(view).collect(),
        form: edited.unwrap_or_else(|| blank(request_id())),
        problem: None,
    };
    layout::html(&page)
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PageForm {
    id: Uuid,
    shortcut: String,
    canned_text: String,
}

/// `POST /dashboard/canned-replies`
pub(crate) async fn canned_form(
    State(site): State<Site>,
    PageStaff(caller): PageStaff,
    frame: Frame,
    trace: Trace,
    Form(form): Form<PageForm>,
) -> Result<Response, Problem> {
    let input = NewCanned {
        shortcut: Field::Given(form.shortcut.clone()),
        canned_text: Field::Given(form.canned_text.clone()),
    };
    let Err(problem) = save(&site, &caller, form.id, input, trace).await else {
        return Ok(Redirect::to("/dashboard/canned-replies").into_response());
    };
    let Some(wrong) = problem.errors.first() else { return Err(problem) };
    let said = match (wrong.field.as_ref(), wrong.code.as_ref()) {
        (_, "taken") => "canned-taken",
        ("shortcut", _) => "canned-wrong-shortcut",
        _ => "canned-wrong-text",
    };
    let canned = desk::canned(&mut *site.conn().await?).await?;
    let typed = CannedView { shortcut: form.shortcut, text: form.canned_text, ..blank(form.id) };
    let page = CannedPage {
        layout: frame.of(Some(&caller.user), 0),
        canned: canned.iter().map(view).collect(),
        form: typed,
        problem: Some(said),
    };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, layout::html(&page)?).into_response())
}

/// `POST /dashboard/canned-replies/{id}/remove`
pub(crate) async fn remove_canned_form(
    State(site): State<Site>,
    PageStaff(caller): PageStaff,
    Path(id): Path<Uuid>,
    trace: Trace,
) -> Result<Redirect, Problem> {
    match remove(&site, &caller, id, trace).await {
        // Pressed twice.
        Err(problem) if problem.status != StatusCode::NOT_FOUND => Err(problem),
        _ => Ok(Redirect::to("/dashboard/canned-replies")),
    }
}

fn view(canned: &Canned) -> CannedView {
    CannedView { shortcut: canned.shortcut.clone(), text: canned.canned_text.clone(), ..blank(canned.id) }
}

fn blank(id: Uuid) -> CannedView {
    CannedView { id: id.to_string(), shortcut: String::new(), text: String::new(), filled: String::new() }
}

async fn save(
    site: &Site,
    caller: &Caller,
    canned_id: Uuid,
    input: NewCanned,
    trace: Trace,
) -> Result<(), Problem> {
    let shortcut = words::read("shortcut", input.shortcut, LONGEST_SHORTCUT)?;
    let shortcut = shortcut.trim_start_matches('/').to_lowercase();
    let canned_text = words::read("cannedText", input.canned_text, LONGEST)?;
    let wrong = |code| Problem::fields(vec![FieldProblem::new("shortcut", code)]);
    if shortcut.is_empty() || !shortcut.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_') {
        return Err(wrong("invalid"));
    }
    let canned = desk::canned(&mut *site.conn().await?).await?;
    if canned.iter().any(|it| it.shortcut == shortcut && it.id != canned_id) {
        return Err(wrong("taken"));
    }
    act::tell(site, caller, trace, CannedSaved { canned_id, shortcut, canned_text }).await
}

async fn remove(site: &Site, caller: &Caller, canned_id: Uuid, trace: Trace) -> Result<(), Problem> {
    let canned = desk::canned(&mut *site.conn().await?).await?;
    if !canned.iter().any(|it| it.id == canned_id) {
        return Err(Problem::not_found());
    }
    act::tell(site, caller, trace, CannedRemoved { canned_id }).await
}
