use std::collections::HashMap;

use axum::{
    Json,
    extract::{Path, Query, State},
};
use events::{LogEvent, bus::Letter, subjects::DURABLE_CONSUMERS};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::letters::{self, Settled};
use utoipa::{IntoParams, ToSchema};

use crate::{
    auth::Admin,
    edge::Site,
    paging,
    problem::{Problem, ProblemBody},
};

#[derive(Debug, Default, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Asked {
    /// `waiting` or `settled`; both when missing
    pub(super) state: Option<String>,
    /// `nextCursor` of the page before
    pub(super) cursor: Option<String>,
    /// 1 to 100
    pub(super) limit: Option<usize>,
}

/// A message that a consumer gave up.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LetterBody {
    /// `<consumer>-<sequence>`.
    pub(crate) id: String,
    pub(crate) consumer: String,
    /// As it was in the log.
    pub(crate) subject: String,
    /// In the log, of what was given up: the message, or the wish to try it again.
    pub(crate) sequence: u64,
    /// Why it was given up.
    pub(crate) reason: String,
    pub(crate) attempts: u64,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) at: Timestamp,
    /// The CloudEvents type, as far as it can be read.
    pub(crate) event_type: Option<String>,
    pub(crate) event_id: Option<String>,
    /// Missing while it waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) outcome: Option<OutcomeBody>,
}

/// What somebody decided about it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct OutcomeBody {
    /// `redriven` or `discarded`.
    pub(crate) what: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<String>,
    /// A user's id, or the service itself.
    pub(crate) actor: String,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) at: Timestamp,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LettersBody {
    /// Newest first.
    pub(super) letters: Vec<LetterBody>,
    pub(super) next_cursor: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LetterDetails {
    #[serde(flatten)]
    pub(super) letter: LetterBody,
    /// As they were in the log.
    #[schema(value_type = Object)]
    pub(super) headers: serde_json::Map<String, Value>,
    /// Without what tells of a person; null when this program does not know its type, or the log alone has it.
    #[schema(value_type = Object)]
    pub(super) body: Value,
}

const USUAL: usize = 50;
/// Letters looked at for one page: what is asked for may be rare among them.
const LOOKED_AT: u64 = 500;

/// What was given up
#[utoipa::path(
    get, path = "/api/admin/dead-letters", tag = "admin", params(Asked),
    responses(
        (status = 200, description = "A page of the list; it may be short, or empty, and yet go on", body = LettersBody),
        (status = 401, description = "unauthorized", body = ProblemBody),
        (status = 403, description = "not_an_admin", body = ProblemBody),
        (status = 422, description = "invalid_fields", body = ProblemBody),
    )
)]
pub(crate) async fn list_letters(
    State(site): State<Site>,
    Admin(_admin): Admin,
    Query(asked): Query<Asked>,
) -> Result<Json<LettersBody>, Problem> {
    Ok(Json(find(&site, &asked).await?))
}

/// One of them, with its headers and its body
#[utoipa::path(
    get, path = "/api/admin/dead-letters/{id}", tag = "admin", params(("id" = String, Path)),
    responses(
        (status = 200, description = "The letter", body = LetterDetails),
        (status = 401, description = "unauthorized", body = ProblemBody),
        (status = 403, description = "not_an_admin", body = ProblemBody),
        (status = 404, description = "not_found", body = ProblemBody),
    )
)]
pub(crate) async fn show_letter(
    State(site): State<Site>,
    Admin(_admin): Admin,
    Path(id): Path<String>,
) -> Result<Json<LetterDetails>, Problem> {
    let letter = one(&site, &id).await?;
    Ok(Json(details(&site, &letter).await?))
}

pub(super) async fn find(site: &Site, asked: &Asked) -> Result<LettersBody, Problem> {
    let waiting = paging::read("state", paging::given(asked.state.as_deref()), |state| match state {
        "waiting" => Some(true),
        "settled" => Some(false),
        _ => None,
    })?;
    let before = paging::given(asked.cursor.as_deref());
    let before = match paging::read("cursor", before, |cursor| cursor.parse().ok())? {
        Some(before) => before,
        None => site.bus.last_letter().await? + 1,
    };
    let limit = asked.limit.unwrap_or(USUAL).clamp(1, 100);
    let end = before.saturating_sub(LOOKED_AT).max(1);
    let (mut next, mut found) = (before, Vec::new());
    while next > end && found.len() < limit {
        let first = next.saturating_sub(limit as u64).max(end);
        let letters = site.bus.letters((first..next).rev()).await?;
        let mut settled = outcomes(site, &letters).await?;
        for letter in &letters {
            let outcome = settled.remove(&letter.id());
            if waiting.is_none_or(|waiting| waiting == outcome.is_none()) && found.len() < limit {
                found.push(read(letter, outcome));
                next = letter.place;
            }
        }
        if found.len() < limit {
            next = first;
        }
    }
    let next_cursor = (next > 1).then(|| next.to_string());
    Ok(LettersBody { letters: found, next_cursor })
}

/// The letter of this id: `<consumer>-<sequence>`.
pub(super) async fn one(site: &Site, id: &str) -> Result<Letter, Problem> {
    let (consumer, sequence) = id.rsplit_once('-').ok_or_else(Problem::not_found)?;
    let sequence = sequence.parse().map_err(|_| Problem::not_found())?;
    if !DURABLE_CONSUMERS.iter().any(|known| known.name == consumer) {
        return Err(Problem::not_found());
    }
    site.bus.letter(consumer, sequence).await?.ok_or_else(Problem::not_found)
}

pub(super) async fn details(site: &Site, letter: &Letter) -> Result<LetterDetails, Problem> {
    let outcome = outcomes(site, std::slice::from_ref(letter)).await?.remove(&letter.id());
    let headers = letter
        .headers
        .iter()
        .map(|(name, values)| {
            let values: Vec<&str> = values.iter().map(async_nats::HeaderValue::as_str).collect();
            (name.to_string(), Value::from(values.join(", ")))
        })
        .collect();
    Ok(LetterDetails { letter: read(letter, outcome), headers, body: body(letter) })
}

async fn outcomes(site: &Site, letters: &[Letter]) -> Result<HashMap<String, Settled>, Problem> {
    let ids: Vec<(&str, u64)> =
        letters.iter().map(|letter| (letter.consumer.as_str(), letter.sequence)).collect();
    let settled = letters::settled(&mut *site.conn().await?, &ids).await?;
    Ok(settled.into_iter().map(|one| (format!("{}-{}", one.consumer, one.sequence), one)).collect())
}

fn read(letter: &Letter, outcome: Option<Settled>) -> LetterBody {
    let header = |name: &str| letter.headers.get(name).map(|value| value.as_str().to_owned());
    LetterBody {
        id: letter.id(),
        consumer: letter.consumer.clone(),
        subject: letter.subject.clone(),
        sequence: letter.sequence,
        reason: letter.reason.clone(),
        attempts: letter.attempts,
        at: letter.at,
        event_type: header("ce-type"),
        event_id: header("ce-id"),
        outcome: outcome.map(|settled| OutcomeBody {
            what: settled.outcome.name(),
            reason: settled.reason,
            actor: settled.actor,
            at: settled.at,
        }),
    }
}

/// Only an event of the contract says which of its fields are personal.
fn body(letter: &Letter) -> Value {
    let ce_type = letter.headers.get("ce-type").map(async_nats::HeaderValue::as_str).unwrap_or_default();
    let Some(info) = LogEvent::infos().into_iter().find(|info| info.ce_type() == ce_type) else {
        return Value::Null;
    };
    // What cannot be read as its type may have anything anywhere.
    let Ok(mut body) = (info.reencode)(&letter.body) else { return Value::Null };
    for pointer in info.personal {
        if let Some(value) = body.pointer_mut(pointer) {
            *value = Value::from("•••");
        }
    }
    body
}
