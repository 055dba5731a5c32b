//! Money: what each user has, and the ledger that it is the sum of. Amounts are kopecks.

mod apply;

use diesel::{
    prelude::*,
    sql_types::{Array, BigInt},
};
use diesel_async::RunQueryDsl;
use jiff::Timestamp;
use uuid::Uuid;

use crate::{
    Conn,
    fixed::fixed,
    prepared::Prepared as _,
    schema::{balances, ledger},
};

pub use apply::apply;

/// What a user has. Whoever never had money has zero of everything and no row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Queryable, Selectable)]
#[diesel(table_name = balances, check_for_backend(diesel::pg::Pg))]
pub struct Balance {
    /// Kopecks that can be spent.
    pub available: i64,
    /// Kopecks set aside for open orders.
    pub held: i64,
    /// The number of the user's ledger entries.
    pub version: i64,
}

/// A transfer from one account of a user to another, or from outside.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = ledger, check_for_backend(diesel::pg::Pg))]
pub struct Entry {
    /// The balance's version after it: counts from 1.
    pub version: i64,
    /// `credit`, `hold`, `release`.
    pub kind: String,
    /// Where it came from: `external`, `available`, `held`.
    pub debit: String,
    /// Where it went: `available`, `held`.
    pub credit: String,
    /// Kopecks.
    pub amount: i64,
    pub order_id: Option<Uuid>,
    /// Why an administrator added the money.
    pub reason: Option<String>,
    pub event_id: Uuid,
    #[diesel(deserialize_as = jiff_diesel::Timestamp)]
    pub created_at: Timestamp,
}

#[derive(diesel::QueryableByName)]
struct OwnedBalance {
    #[diesel(sql_type = diesel::sql_types::Uuid)]
    user_id: Uuid,
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    available: i64,
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    held: i64,
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    version: i64,
}

#[derive(diesel::QueryableByName)]
struct Credited {
    #[diesel(sql_type = diesel::sql_types::Uuid)]
    event_id: Uuid,
}

#[derive(diesel::QueryableByName)]
struct Sums {
    #[diesel(sql_type = BigInt)]
    available: i64,
    #[diesel(sql_type = BigInt)]
    held: i64,
}

impl Entry {
    /// By how many kopecks it changed the available and the held balance.
    #[must_use]
    pub fn change(&self) -> (i64, i64) {
        let of = |account: &str| {
            let amount = |name: &str, sign: i64| if name == account { sign * self.amount } else { 0 };
            amount(&self.credit, 1) + amount(&self.debit, -1)
        };
        (of("available"), of("held"))
    }
}

/// What the user has.
pub async fn balance(conn: &mut Conn, user: Uuid) -> QueryResult<Balance> {
    let balance = balances::table.find(user).select(Balance::as_select()).first(conn).await.optional()?;
    Ok(balance.unwrap_or_default())
}

/// What each of these users has, of those who ever had money. To decide from it, hold their locks
/// ([`orders::state::lock_accounts`](crate::orders::state::lock_accounts)).
pub async fn balances(mut conn: &Conn, users: &[Uuid]) -> QueryResult<Vec<(Uuid, Balance)>> {
    let rows: Vec<OwnedBalance> = fixed(
        diesel::sql_query("SELECT user_id, available, held, version FROM balances WHERE user_id = ANY ($1)")
            .bind::<Array<diesel::sql_types::Uuid>, _>(users),
    )
    .get_results(&mut conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.user_id, Balance { available: row.available, held: row.held, version: row.version }))
        .collect())
}

/// The user's entry that this event has led to.
pub async fn entry_of(conn: &mut Conn, user: Uuid, event: Uuid) -> QueryResult<Option<Entry>> {
    ledger::table
        .filter(ledger::user_id.eq(user))
        .filter(ledger::event_id.eq(event))
        .select(Entry::as_select())
        .first(conn)
        .await
        .optional()
}

/// Those of these events that have led to a credit, whose ever it is.
pub async fn credited(mut conn: &Conn, events: &[Uuid]) -> QueryResult<Vec<Uuid>> {
    if events.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<Credited> = fixed(
        diesel::sql_query("SELECT event_id FROM ledger WHERE kind = 'credit' AND event_id = ANY ($1)")
            .bind::<Array<diesel::sql_types::Uuid>, _>(events),
    )
    .get_results(&mut conn)
    .await?;
    Ok(rows.into_iter().map(|row| row.event_id).collect())
}

/// A user's entries, newest first, at most `limit` of them (1 to 100); those before the version `before`.
pub async fn entries(
    conn: &mut Conn,
    user: Uuid,
    before: Option<i64>,
    limit: i64,
) -> QueryResult<Vec<Entry>> {
    ledger::table
        .filter(ledger::user_id.eq(user))
        .filter(ledger::version.lt(before.unwrap_or(i64::MAX)))
        .order(ledger::version.desc())
        .limit(limit.clamp(1, 100))
        .select(Entry::as_select())
        .load(conn)
        .await
}

/// What the user had right after this version of the balance: the sum of the ledger up to it.
pub async fn balance_at(conn: &mut Conn, user: Uuid, version: i64) -> QueryResult<Balance> {
    let sums: Sums = diesel::sql_query(
        "SELECT COALESCE(SUM(CASE WHEN credit = 'available' THEN amount WHEN debit = 'available' THEN -amount END), 0)
                    ::bigint AS available,
                COALESCE(SUM(CASE WHEN credit = 'held' THEN amount WHEN debit = 'held' THEN -amount END), 0)::bigint
                    AS held
         FROM ledger WHERE user_id = $1 AND version <= $2",
    )
    .bind::<diesel::sql_types::Uuid, _>(user)
    .bind::<BigInt, _>(version)
    .prepared()
    .get_result(conn)
    .await?;
    Ok(Balance { available: sums.available, held: sums.held, version })
}
