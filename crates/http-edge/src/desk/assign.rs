use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::Redirect,
};
use events::chats::ChatAssigned;
use serde::{Deserialize, Serialize};
use store::users;
use utoipa::ToSchema;
use uuid::Uuid;

use super::act;
use crate::{
    auth::{Caller, PageStaff, Staff},
    edge::Site,
    extract::{self, Field, Form},
    problem::{FieldProblem, Problem, ProblemBody},
    trace::Trace,
};

/// Whose a chat is to answer.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Assignment {
    /// An operator's id, or `me`; nobody's when null.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    operator_id: Field<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OperatorsBody {
    /// By name.
    operators: Vec<Operator>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Operator {
    id: Uuid,
    name: String,
}

/// Who can be asked to answer
#[utoipa::path(
    get, path = "/api/operators", tag = "desk",
    responses(
        (status = 200, description = "Everybody who answers at the desk", body = OperatorsBody),
        (status = 401, description = "unauthorized", body = ProblemBody),
        (status = 403, description = "not_an_operator", body = ProblemBody),
    )
)]
pub(crate) async fn list_operators(
    State(site): State<Site>,
    Staff(_operator): Staff,
) -> Result<Json<OperatorsBody>, Problem> {
    let operators = users::desk(&mut *site.conn().await?).await?;
    let operators = operators.into_iter().map(|(id, name)| Operator { id, name }).collect();
    Ok(Json(OperatorsBody { operators }))
}

/// Give a chat to an operator, or to nobody
#[utoipa::path(
    post, path = "/api/users/{userId}/operator-chat/assign", tag = "desk", request_body = Assignment,
    params(("userId" = i64, Path, description = "Telegram's id of the user")),
    responses(
        (status = 204, description = "Done"),
        (status = 401, description = "unauthorized", body = ProblemBody),
        (status = 403, description = "not_an_operator", body = ProblemBody),
        (status = 404, description = "not_found", body = ProblemBody),
        (status = 422, description = "invalid_fields", body = ProblemBody),
    )
)]
pub(crate) async fn assign_chat(
    State(site): State<Site>,
    Staff(caller): Staff,
    Path(user_id): Path<i64>,
    trace: Trace,
    extract::Json(input): extract::Json<Assignment>,
) -> Result<StatusCode, Problem> {
    assign(&site, &caller, user_id, input, trace).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PageForm {
    /// Empty for nobody.
    operator_id: String,
}

/// `POST /dashboard/users/{userId}/operator-chat/assign`
pub(crate) async fn assign_form(
    State(site): State<Site>,
    PageStaff(caller): PageStaff,
    Path(user_id): Path<i64>,
    trace: Trace,
    Form(form): Form<PageForm>,
) -> Result<Redirect, Problem> {
    let given = Some(form.operator_id).filter(|id| !id.is_empty());
    let operator_id = given.map_or(Field::Missing, Field::Given);
    assign(&site, &caller, user_id, Assignment { operator_id }, trace).await?;
    Ok(Redirect::to(&format!("/dashboard/users/{user_id}/operator-chat")))
}

async fn assign(
    site: &Site,
    caller: &Caller,
    user_id: i64,
    input: Assignment,
    trace: Trace,
) -> Result<(), Problem> {
    let wrong = || Problem::fields(vec![FieldProblem::new("operatorId", "invalid")]);
    let operator_id = match input.operator_id.optional().map_err(|_| wrong())?.as_deref() {
        None => None,
        Some("me") => Some(caller.id()),
        Some(id) => Some(id.parse::<Uuid>().map_err(|_| wrong())?),
    };
    let chat = act::chat(site, user_id).await?;
    if let Some(id) = operator_id {
        let operators = users::desk(&mut *site.conn().await?).await?;
        if !operators.iter().any(|(known, _)| *known == id) {
            return Err(wrong());
        }
    }
    if chat.assignee_id == operator_id {
        return Ok(());
    }
    act::tell(site, caller, trace, ChatAssigned { user_id, operator_id }).await
}
