use axum::{
    Json,
    extract::{Path, Query, State},
};
use events::users::Role;
use serde::{Deserialize, Serialize};
use store::{
    accounts,
    users::{self, Account},
};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::search;
use crate::{
    auth::Admin,
    edge::{Edge, Site},
    paging,
    problem::{Problem, ProblemBody},
    wire,
};

#[derive(Debug, Default, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Asked {
    /// Part of a name, a phone in any notation or a part of one, or an id
    pub(super) search: Option<String>,
    /// `CUSTOMER`, `EXECUTOR`, `OPERATOR`, `ADMIN` or `AUDITOR`
    pub(super) role: Option<String>,
    /// `nextCursor` of the page before
    pub(super) cursor: Option<String>,
    /// 1 to 100
    pub(super) limit: Option<i64>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AccountsBody {
    /// Newest first.
    users: Vec<wire::Account>,
    next_cursor: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AccountBody {
    pub(super) user: wire::Account,
    pub(super) balance: wire::Balance,
}

pub(super) struct Found {
    pub(super) users: Vec<Account>,
    pub(super) role: Option<Role>,
    pub(super) next_cursor: Option<String>,
}

/// Find accounts
#[utoipa::path(
    get, path = "/api/admin/users", tag = "admin", params(Asked),
    responses(
        (status = 200, description = "A page of the list", body = AccountsBody),
        (status = 401, description = "unauthorized", body = ProblemBody),
        (status = 403, description = "not_an_admin", body = ProblemBody),
        (status = 422, description = "invalid_fields", body = ProblemBody),
    )
)]
pub(crate) async fn list_users(
    State(site): State<Site>,
    Admin(_admin): Admin,
    Query(asked): Query<Asked>,
) -> Result<Json<AccountsBody>, Problem> {
    let found = find(&site, &asked).await?;
    Ok(Json(AccountsBody {
        users: found.users.into_iter().map(wire::Account::from).collect(),
        next_cursor: found.next_cursor,
    }))
}

/// An account
#[utoipa::path(
    get, path = "/api/admin/users/{id}", tag = "admin", params(("id" = Uuid, Path)),
    responses(
        (status = 200, description = "The account and what it has", body = AccountBody),
        (status = 401, description = "unauthorized", body = ProblemBody),
        (status = 403, description = "not_an_admin", body = ProblemBody),
        (status = 404, description = "user_not_found", body = ProblemBody),
    )
)]
pub(crate) async fn show_user(
    State(site): State<Site>,
    Admin(_admin): Admin,
    Path(id): Path<Uuid>,
) -> Result<Json<AccountBody>, Problem> {
    Ok(Json(body(&site, id).await?))
}

pub(super) async fn body(edge: &Edge, id: Uuid) -> Result<AccountBody, Problem> {
    let mut conn = edge.conn().await?;
    let account = users::account(&mut conn, id).await?.ok_or_else(Problem::user_not_found)?;
    let balance = accounts::balance(&mut conn, id).await?;
    Ok(AccountBody { user: account.into(), balance: wire::Balance::new(balance.available, balance.held) })
}

pub(super) async fn find(edge: &Edge, asked: &Asked) -> Result<Found, Problem> {
    let role = paging::read("role", paging::given(asked.role.as_deref()), Role::from_name)?;
    let after = paging::given(asked.cursor.as_deref());
    let after = paging::read("cursor", after, paging::read_cursor)?;
    let limit = paging::limit(asked.limit);
    let wanted = search::people(asked.search.as_deref().unwrap_or_default());
    let wanted = users::Asked { role, after, limit, ..wanted };
    let users = users::list(&mut *edge.conn().await?, &wanted).await?;
    let next_cursor = paging::next(&users, limit, |account| (account.created_at, account.user.id));
    Ok(Found { users, role, next_cursor })
}
