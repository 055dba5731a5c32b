use axum::{
    extract::{Path, Query, State},
    response::{IntoResponse, Redirect, Response},
};
use events::users::Role;
use serde::Deserialize;
use store::{accounts, orders, users};
use uuid::Uuid;

use super::{
    access::{self, Change},
    read_reason,
    users::{Asked, find},
};
use crate::{
    auth::{Caller, PageAdmin},
    desk::credit,
    edge::Site,
    extract::{Field, Form, NumberText},
    layout::{self, Frame},
    orders::view,
    pages::{AccountView, AdminUserPage, AdminUsersPage, BalanceView, EntryKind, FieldErrors, LedgerLine},
    problem::{FieldProblem, Problem},
    trace::Trace,
};

/// Ledger entries and orders that a person's page shows.
const SOME: i64 = 10;

/// What an administrator typed into one of the forms, to be shown again with what is wrong.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct PageForm {
    role: String,
    reason: String,
    amount: String,
    key: String,
}

/// `/dashboard/users`
pub(crate) async fn users_page(
    State(site): State<Site>,
    PageAdmin(caller): PageAdmin,
    frame: Frame,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let found = find(&site, &asked).await?;
    layout::html(&AdminUsersPage {
        layout: frame.of(Some(&caller.user), site.tail.position()),
        users: found.users.into_iter().map(view_of).collect(),
        search: asked.search.unwrap_or_default(),
        role: found.role.map(layout::role),
        next_cursor: found.next_cursor,
    })
}

/// `/dashboard/users/{userId}`
pub(crate) async fn user_page(
    State(site): State<Site>,
    PageAdmin(caller): PageAdmin,
    frame: Frame,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let page = page(&site, &caller, frame, read_id(&id)?, None).await?;
    layout::html(&page)
}

/// `POST /dashboard/users/{userId}/role`
pub(crate) async fn role_form(
    State(site): State<Site>,
    PageAdmin(caller): PageAdmin,
    Path(id): Path<String>,
    Form(form): Form<PageForm>,
) -> Result<Redirect, Problem> {
    let id = read_id(&id)?;
    let role = Role::from_name(&form.role).ok_or_else(|| access::fault("role", "invalid"))?;
    access::change(&site, &caller, id, Change::Role(role)).await?;
    Ok(Redirect::to(&format!("/dashboard/users/{id}?notice=role-granted")))
}

/// `POST /dashboard/users/{userId}/disable`
pub(crate) async fn disable_form(
    State(site): State<Site>,
    PageAdmin(caller): PageAdmin,
    frame: Frame,
    Path(id): Path<String>,
    Form(form): Form<PageForm>,
) -> Result<Response, Problem> {
    let id = read_id(&id)?;
    match read_reason(Field::Given(form.reason.clone())) {
        Ok(reason) => {
            access::change(&site, &caller, id, Change::Disable(reason)).await?;
            Ok(Redirect::to(&format!("/dashboard/users/{id}?notice=user-disabled")).into_response())
        }
        Err(code) => {
            let errors = vec![FieldProblem::new("disableReason", code)];
            again(&site, &caller, frame, id, (form, errors)).await
        }
    }
}

/// `POST /dashboard/users/{userId}/enable`
pub(crate) async fn enable_form(
    State(site): State<Site>,
    PageAdmin(caller): PageAdmin,
    Path(id): Path<String>,
) -> Result<Redirect, Problem> {
    let id = read_id(&id)?;
    access::change(&site, &caller, id, Change::Enable).await?;
    Ok(Redirect::to(&format!("/dashboard/users/{id}?notice=user-enabled")))
}

/// `POST /dashboard/users/{userId}/credit`
pub(crate) async fn credit_form(
    State(site): State<Site>,
    PageAdmin(caller): PageAdmin,
    frame: Frame,
    Path(id): Path<String>,
    trace: Trace,
    Form(form): Form<PageForm>,
) -> Result<Response, Problem> {
    let id = read_id(&id)?;
    let given = |text: &str| match text.trim() {
        "" => Field::Missing,
        text => Field::Given(text.to_owned()),
    };
    let amount = match given(&form.amount) {
        Field::Given(text) => Field::Given(NumberText(text)),
        _ => Field::Missing,
    };
    let input = credit::Input { amount, reason: given(&form.reason) };
    // The form was rendered with it: sent twice, it is one credit.
    let key = form.key.parse::<Uuid>().map_err(|_| Problem::bad_request("the form has no key"))?;
    let wanted = match credit::read(input) {
        Ok(wanted) => wanted,
        Err(errors) => return again(&site, &caller, frame, id, (form, errors)).await,
    };
    let (status, _) = credit::credit(&site, &caller, id, &key.to_string(), wanted, trace).await?;
    let notice = if status == axum::http::StatusCode::CREATED { "credited" } else { "credit-pending" };
    Ok(Redirect::to(&format!("/dashboard/users/{id}?notice={notice}")).into_response())
}

/// The page once more, with what was typed and what is wrong with it.
async fn again(
    site: &Site,
    caller: &Caller,
    frame: Frame,
    id: Uuid,
    typed: (PageForm, Vec<FieldProblem>),
) -> Result<Response, Problem> {
    let page = page(site, caller, frame, id, Some(typed)).await?;
    Ok((axum::http::StatusCode::UNPROCESSABLE_ENTITY, layout::html(&page)?).into_response())
}

async fn page(
    site: &Site,
    caller: &Caller,
    frame: Frame,
    id: Uuid,
    typed: Option<(PageForm, Vec<FieldProblem>)>,
) -> Result<AdminUserPage, Problem> {
    let mut conn = site.conn().await?;
    let account = users::account(&mut conn, id).await?.ok_or_else(Problem::user_not_found)?;
    let balance = accounts::balance(&mut conn, id).await?;
    let entries = accounts::entries(&mut conn, id, None, SOME).await?;
    let asked = orders::Asked { customer: Some(id), limit: SOME, ..orders::Asked::default() };
    let orders = orders::list_all(&mut conn, &asked).await?;
    drop(conn);
    let layout = frame.of(Some(&caller.user), site.tail.position());
    let (form, errors) = typed.unwrap_or_default();
    Ok(AdminUserPage {
        oneself: account.user.id == caller.id(),
        user: view_of(account),
        balance: BalanceView { available: balance.available, held: balance.held },
        ledger: entries.into_iter().map(line).collect(),
        orders: orders.into_iter().map(|owned| view::order(layout.lang, owned.order, None)).collect(),
        key: form.key.parse::<Uuid>().unwrap_or_else(|_| Uuid::now_v7()).to_string(),
        amount: form.amount,
        reason: form.reason,
        errors: errors.into_iter().map(Into::into).collect::<FieldErrors>(),
        layout,
    })
}

/// A Telegram user's id stands at the same place of the address, and has no page of its own.
fn read_id(text: &str) -> Result<Uuid, Problem> {
    text.parse().map_err(|_| Problem::user_not_found())
}

fn view_of(account: users::Account) -> AccountView {
    AccountView {
        id: account.user.id.to_string(),
        name: account.user.name,
        phone: account.user.phone,
        role: layout::role(account.user.role),
        created_at: account.created_at,
        disabled: account.disabled.map(|shut| (shut.at, shut.reason)),
    }
}

fn line(entry: accounts::Entry) -> LedgerLine {
    LedgerLine {
        kind: EntryKind::of(&entry.kind),
        amount: entry.amount,
        at: entry.created_at,
        order_id: entry.order_id.map(|id| id.to_string()),
        reason: entry.reason,
    }
}
