//! Accounts as administrators find them.

use diesel::{
    dsl::sql,
    prelude::*,
    sql_types::{Bool, Text},
};
use diesel_async::RunQueryDsl;
use events::users::Role;
use jiff::Timestamp;
use uuid::Uuid;

use super::{COLUMNS, Row, User, read};
use crate::{Conn, schema::users};

/// An account with what only administrators see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub user: User,
    pub created_at: Timestamp,
    pub disabled: Option<Disabled>,
}

/// Since when an account is shut, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disabled {
    pub at: Timestamp,
    pub reason: String,
}

/// Where a list goes on: after the account with this time and id.
pub type Cursor = (Timestamp, Uuid);

/// Which accounts are looked for.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// Part of a name; all names when empty.
    pub name: String,
    /// E.164, when what was typed is a whole number.
    pub phone: Option<String>,
    /// Digits of a phone, when what was typed has no letters.
    pub digits: Option<String>,
    pub id: Option<Uuid>,
    pub role: Option<Role>,
    pub after: Option<Cursor>,
    /// 1 to 100.
    pub limit: i64,
}

type Details = (jiff_diesel::Timestamp, Option<jiff_diesel::Timestamp>, Option<String>);

const DETAILS: (users::created_at, users::disabled_at, users::disabled_reason) =
    (users::created_at, users::disabled_at, users::disabled_reason);

/// The account of this id; `None` also for a Telegram user, who has none.
pub async fn account(conn: &mut Conn, id: Uuid) -> QueryResult<Option<Account>> {
    let row: Option<(Row, Details)> =
        users::table.find(id).select((COLUMNS, DETAILS)).first(conn).await.optional()?;
    Ok(row.and_then(whole))
}

/// Accounts, newest first. A search walks them in that order until it has enough.
pub async fn list(conn: &mut Conn, asked: &Asked) -> QueryResult<Vec<Account>> {
    let mut query = users::table
        .filter(users::phone.is_not_null())
        .order((users::created_at.desc(), users::id.desc()))
        .limit(asked.limit.clamp(1, 100))
        .select((COLUMNS, DETAILS))
        .into_boxed();
    if let Some(role) = asked.role {
        query = query.filter(users::role.eq(role.name()));
    }
    if let Some(id) = asked.id {
        query = query.filter(users::id.eq(id));
    } else if let Some(phone) = &asked.phone {
        query = query.filter(users::phone.eq(phone));
    } else if let Some(digits) = &asked.digits {
        query = query.filter(users::phone.like(format!("%{}%", escaped(digits))));
    } else if !asked.name.is_empty() {
        // In a database of locale C only ICU knows upper and lower case beyond ASCII.
        let named = sql::<Bool>("users.name COLLATE \"und-x-icu\" ILIKE ")
            .bind::<Text, _>(format!("%{}%", escaped(&asked.name)));
        query = query.filter(named);
    }
    if let Some((time, id)) = asked.after {
        let time = jiff_diesel::Timestamp::from(time);
        // The first condition bounds the index scan; the second one is exact.
        query =
            query.filter(users::created_at.le(time)).filter(users::created_at.lt(time).or(users::id.lt(id)));
    }
    let rows: Vec<(Row, Details)> = query.load(conn).await?;
    Ok(rows.into_iter().filter_map(whole).collect())
}

fn whole((row, (created_at, disabled_at, reason)): (Row, Details)) -> Option<Account> {
    let disabled = disabled_at.map(|at| Disabled { at: at.into(), reason: reason.unwrap_or_default() });
    Some(Account { user: read(row)?, created_at: created_at.into(), disabled })
}

/// What a pattern takes for itself.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}
