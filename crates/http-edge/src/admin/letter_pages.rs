use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use store::letters::Settle;

use super::{
    letters::{Asked, LetterBody, details, find, one},
    read_reason, settle,
};
use crate::{
    auth::{Caller, PageAdmin},
    edge::Site,
    extract::{Field, Form},
    layout::{self, Frame},
    pages::{LetterPage, LetterView, LettersPage, OutcomeView},
    problem::{FieldProblem, Problem},
};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct PageForm {
    reason: String,
}

/// `/dashboard/dead-letters`; those that wait, unless others are asked for.
pub(crate) async fn letters_page(
    State(site): State<Site>,
    PageAdmin(caller): PageAdmin,
    frame: Frame,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let settled = asked.state.as_deref() == Some("settled");
    let state = if settled { "settled" } else { "waiting" };
    let found = find(&site, &Asked { state: Some(state.to_owned()), ..asked }).await?;
    layout::html(&LettersPage {
        layout: frame.of(Some(&caller.user), site.tail.position()),
        letters: found.letters.into_iter().map(view).collect(),
        settled,
        next_cursor: found.next_cursor,
    })
}

/// `/dashboard/dead-letters/{id}`
pub(crate) async fn letter_page(
    State(site): State<Site>,
    PageAdmin(caller): PageAdmin,
    frame: Frame,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    layout::html(&page(&site, &caller, frame, &id).await?)
}

/// `POST /dashboard/dead-letters/{id}/redrive`
pub(crate) async fn redrive_form(
    State(site): State<Site>,
    PageAdmin(caller): PageAdmin,
    Path(id): Path<String>,
) -> Result<Redirect, Problem> {
    settle::settle(&site, &caller, &id, Settle::Redrive).await?;
    Ok(Redirect::to(&format!("/dashboard/dead-letters/{id}?notice=letter-redriven")))
}

/// `POST /dashboard/dead-letters/{id}/discard`
pub(crate) async fn discard_form(
    State(site): State<Site>,
    PageAdmin(caller): PageAdmin,
    frame: Frame,
    Path(id): Path<String>,
    Form(form): Form<PageForm>,
) -> Result<Response, Problem> {
    match read_reason(Field::Given(form.reason.clone())) {
        Ok(reason) => {
            settle::settle(&site, &caller, &id, Settle::Discard(reason)).await?;
            Ok(Redirect::to(&format!("/dashboard/dead-letters/{id}?notice=letter-discarded")).into_response())
        }
        Err(code) => {
            let errors = vec![FieldProblem::new("reason", code).into()];
            let page = LetterPage { reason: form.reason, errors, ..page(&site, &caller, frame, &id).await? };
            Ok((StatusCode::UNPROCESSABLE_ENTITY, layout::html(&page)?).into_response())
        }
    }
}

async fn page(site: &Site, caller: &Caller, frame: Frame, id: &str) -> Result<LetterPage, Problem> {
    let letter = one(site, id).await?;
    let found = details(site, &letter).await?;
    Ok(LetterPage {
        layout: frame.of(Some(&caller.user), site.tail.position()),
        headers: found
            .headers
            .iter()
            .map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default().to_owned()))
            .collect(),
        body: (!found.body.is_null()).then(|| serde_json::to_string_pretty(&found.body).unwrap_or_default()),
        redrivable: letter.is_redrivable(),
        letter: view(found.letter),
        reason: String::new(),
        errors: Vec::new(),
    })
}

fn view(letter: LetterBody) -> LetterView {
    LetterView {
        id: letter.id,
        consumer: letter.consumer,
        subject: letter.subject,
        sequence: letter.sequence,
        reason: letter.reason,
        attempts: letter.attempts,
        at: letter.at,
        event_type: letter.event_type,
        outcome: letter.outcome.map(|outcome| OutcomeView {
            redriven: outcome.what == "redriven",
            reason: outcome.reason,
            actor: outcome.actor,
            at: outcome.at,
        }),
    }
}
