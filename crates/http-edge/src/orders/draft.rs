use axum::{Json, extract::State, http::StatusCode};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::identity::drafts;
use utoipa::ToSchema;

use crate::{
    auth::Customer,
    edge::Site,
    extract,
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
pub(crate) struct NewDraft {
    /// An object; its members are the form's.
    draft: Value,
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
        (status = 413, description = "too_large", body = ProblemBody),
    )
)]
pub(crate) async fn save_draft(
    State(site): State<Site>,
    Customer(caller): Customer,
    extract::Json(body): extract::Json<NewDraft>,
) -> Result<Json<DraftBody>, Problem> {
    if !body.draft.is_object() {
        return Err(Problem::bad_request("draft must be an object"));
    }
    // PostgreSQL has no character zero.
    if body.draft.to_string().contains("\\u0000") {
        return Err(Problem::bad_request("draft must not have the character U+0000"));
    }
    let now = events::now();
    drafts::put(&mut *site.conn().await?, caller.id(), &body.draft, now).await?;
    Ok(Json(DraftBody { draft: Some(body.draft), updated_at: Some(now) }))
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
