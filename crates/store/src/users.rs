//! People who sign in, and Telegram users as far as accounts are linked to them.

mod apply;
mod links;
mod list;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use events::users::Role;
use uuid::Uuid;

use crate::{Conn, schema::users};

pub(crate) use apply::{apply, apply_links};
pub use links::{LinkedTelegram, keep_link_word, linked_to, take_link_words};
pub(crate) use list::escaped;
pub use list::{Account, Asked, Cursor, Disabled, account, list};

/// Somebody with an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    pub id: Uuid,
    /// E.164.
    pub phone: String,
    pub name: String,
    pub role: Role,
}

pub(crate) type Row = (Uuid, Option<String>, Option<String>, Option<String>);

const COLUMNS: (users::id, users::phone, users::name, users::role) =
    (users::id, users::phone, users::name, users::role);

/// The account of this id; `None` also for a Telegram user, who has none.
pub async fn by_id(conn: &mut Conn, id: Uuid) -> QueryResult<Option<User>> {
    let row: Option<Row> = users::table.find(id).select(COLUMNS).first(conn).await.optional()?;
    Ok(row.and_then(read))
}

/// The account with this E.164 phone.
pub async fn by_phone(conn: &mut Conn, phone: &str) -> QueryResult<Option<User>> {
    let row: Option<Row> =
        users::table.filter(users::phone.eq(phone)).select(COLUMNS).first(conn).await.optional()?;
    Ok(row.and_then(read))
}

/// What the operators among these are called.
pub async fn names(conn: &mut Conn, ids: &[Uuid]) -> QueryResult<Vec<(Uuid, String)>> {
    let rows: Vec<(Uuid, Option<String>)> =
        users::table.filter(users::id.eq_any(ids)).select((users::id, users::name)).load(conn).await?;
    Ok(rows.into_iter().filter_map(|(id, name)| Some((id, name?))).collect())
}

/// Who answers at the desk, by name.
pub async fn desk(conn: &mut Conn) -> QueryResult<Vec<(Uuid, String)>> {
    let rows: Vec<(Uuid, Option<String>)> = users::table
        .filter(users::role.eq_any([Role::Operator.name(), Role::Admin.name()]))
        .filter(users::disabled_at.is_null())
        .order((users::name, users::id))
        .limit(MOST_AT_THE_DESK)
        .select((users::id, users::name))
        .load(conn)
        .await?;
    Ok(rows.into_iter().filter_map(|(id, name)| Some((id, name?))).collect())
}

/// More do not fit a menu.
const MOST_AT_THE_DESK: i64 = 200;

pub(crate) fn read((id, phone, name, role): Row) -> Option<User> {
    Some(User { id, phone: phone?, name: name.unwrap_or_default(), role: Role::from_name(&role?)? })
}
