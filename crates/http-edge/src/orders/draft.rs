use axum::{Json, extract::State, http::StatusCode};
use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use store::identity::drafts::{self, Replaces};
use utoipa::ToSchema;

use crate::{
    auth::Customer,
    edge::Site,
    extract::{self, is_storable},
    problem::{Problem, ProblemBody},
};

/// What the customer has typed so far.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DraftBody {
    /// The fields of the order form; null when there is no draft.
    draft: Option<Value>,
    #[schema(value_type = Option<String>, format = DateTime)]
    updated_at: Option<Timestamp>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NewDraft {
    /// An object; its members are the form's.
    draft: Value,
    /// `updatedAt` of the draft that this one goes on from, null when there was none: another one is then not
    /// overwritten. When missing, whatever is there is.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, format = DateTime)]
    based_on: Option<Option<Timestamp>>,
}

/// Tells null from a member that is missing.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<Timestamp>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// The draft of the order form
#[utoipa::path(
    get, path = "/api/orders/draft", tag = "orders",
    responses(
        (status = 200, description = "The draft, null when there is none", body = DraftBody),
        (status = 401, description = "unauthorized", body = ProblemBody),
    )
)]
pub(crate) async fn show_draft(
    State(site): State<Site>,
    Customer(caller): Customer,
) -> Result<Json<DraftBody>, Problem> {
    let (draft, updated_at) = drafts::get(&mut *site.conn().await?, caller.id()).await?.unzip();
    Ok(Json(DraftBody { draft, updated_at }))
}

/// Save the draft
#[utoipa::path(
    put, path = "/api/orders/draft", tag = "orders", request_body = NewDraft,
    responses(
        (status = 200, description = "Saved", body = DraftBody),
        (status = 400, description = "bad_request", body = ProblemBody),
        (status = 401, description = "unauthorized", body = ProblemBody),
        (status = 409, description = "draft_changed, with the draft that is there", body = ProblemBody),
        (status = 413, description = "too_large", body = ProblemBody),
    )
)]
pub(crate) async fn save_draft(
    State(site): State<Site>,
    Customer(caller): Customer,
    extract::Json(body): extract::Json<NewDraft>,
) -> Result<Json<DraftBody>, Problem> {
    check(&body.draft)?;
    let now = events::now();
    let replaces = match body.based_on {
        None => Replaces::Anything,
        Some(None) => Replaces::Nothing,
        Some(Some(time)) if is_storable(time) => Replaces::SavedAt(time),
        Some(Some(_)) => return Err(Problem::bad_request("basedOn is the updatedAt of no draft")),
    };
    let mut conn = site.conn().await?;
    if !drafts::put(&mut conn, caller.id(), &body.draft, replaces, now).await? {
        let (draft, updated_at) = drafts::get(&mut conn, caller.id()).await?.unzip();
        return Err(changed()
            .with("draft", draft.unwrap_or_default())
            .with("updatedAt", serde_json::to_value(updated_at)?));
    }
    Ok(Json(DraftBody { draft: Some(body.draft), updated_at: Some(now) }))
}

/// Another draft is there than the one that was gone on from.
pub(super) fn changed() -> Problem {
    Problem::new(
        StatusCode::CONFLICT,
        "draft_changed",
        "Черновик изменили в другой вкладке или на другом устройстве",
    )
}

/// Whether this can be kept as a draft.
pub(super) fn check(draft: &Value) -> Result<(), Problem> {
    if !draft.is_object() {
        return Err(Problem::bad_request("draft must be an object"));
    }
    // PostgreSQL has no character zero.
    if draft.to_string().contains("\\u0000") {
        return Err(Problem::bad_request("draft must not have the character U+0000"));
    }
    Ok(())
}

/// Remove the draft
#[utoipa::path(
    delete, path = "/api/orders/draft", tag = "orders",
    responses(
        (status = 204, description = "There is no draft any more"),
        (status = 401, description = "unauthorized", body = ProblemBody),
    )
)]
pub(crate) async fn remove_draft(
    State(site): State<Site>,
    Customer(caller): Customer,
) -> Result<StatusCode, Problem> {
    drafts::remove(&mut *site.conn().await?, caller.id()).await?;
    Ok(StatusCode::NO_CONTENT)
}
