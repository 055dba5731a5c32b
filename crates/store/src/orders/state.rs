//! What the order worker decides from. Each question is asked once per batch.
//!
//! Everything that is decided about a customer (orders, money, expiry) is decided under the lock of the
//! customer's row in `users`, taken in the order of the ids. That row exists before the first balance
//! does, and the foreign keys of `orders` lock it anyway. Only a statement that begins after the lock is
//! held sees what the transaction before has left: read balances and orders with the functions below it.

use diesel::sql_types::{Array, BigInt, Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl as _;
use events::{orders::OrderStatus, users::Role};
use futures::try_join;
use jiff::Timestamp;
use uuid::Uuid;

use crate::{Conn, fixed::fixed, prepared::Prepared as _};

/// What is known of an order that has been decided, as far as decisions need it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    pub id: Uuid,
    pub customer_id: Uuid,
    /// Kopecks.
    pub amount: i64,
    pub deadline: Timestamp,
    pub status: OrderStatus,
    pub content_hash: String,
    pub version: u64,
}

/// A picture that an order may show.
#[derive(Debug, Clone, PartialEq, Eq, diesel::QueryableByName)]
pub struct Picture {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub owner_id: Uuid,
    #[diesel(sql_type = Bool)]
    pub failed: bool,
    /// The link that its code carries.
    #[diesel(sql_type = Nullable<Text>)]
    pub target_url: Option<String>,
}

/// An open order with the content that was asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recent {
    pub customer_id: Uuid,
    pub content_hash: String,
    pub order_id: Uuid,
    pub created_at: Timestamp,
}

/// An order whose deadline has passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, diesel::QueryableByName)]
pub struct Due {
    #[diesel(sql_type = SqlUuid)]
    pub order_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub customer_id: Uuid,
}

/// Somebody with an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Account {
    pub id: Uuid,
    pub role: Role,
    /// An administrator has shut it.
    pub disabled: bool,
}

#[derive(diesel::QueryableByName)]
struct AccountRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Text)]
    role: String,
    #[diesel(sql_type = Bool)]
    disabled: bool,
}

#[derive(diesel::QueryableByName)]
struct DecidedRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    customer_id: Uuid,
    #[diesel(sql_type = BigInt)]
    total_amount: i64,
    #[diesel(sql_type = Timestamptz)]
    deadline: jiff_diesel::Timestamp,
    #[diesel(sql_type = Text)]
    status: String,
    #[diesel(sql_type = Text)]
    content_hash: String,
    #[diesel(sql_type = BigInt)]
    version: i64,
}

#[derive(diesel::QueryableByName)]
struct RecentRow {
    #[diesel(sql_type = SqlUuid)]
    customer_id: Uuid,
    #[diesel(sql_type = Text)]
    content_hash: String,
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Timestamptz)]
    created_at: jiff_diesel::Timestamp,
}

/// Locks the accounts of these users, in the order of their ids, until the transaction ends, and returns
/// them. Who is missing has no account.
pub async fn lock_accounts(mut conn: &Conn, users: &[Uuid]) -> diesel::QueryResult<Vec<Account>> {
    let mut second = conn;
    // The plans are made while the tables are still small, and kept: to read such a table from end to end
    // would be right then, and ruinous a minute later. Holds for this transaction only.
    let by_index = fixed(diesel::sql_query("SELECT set_config('enable_seqscan', 'off', true)"));
    let lock = fixed(
        diesel::sql_query(
            "SELECT id, role, disabled_at IS NOT NULL AS disabled FROM users WHERE id = ANY ($1) AND role IS NOT NULL
             ORDER BY id FOR NO KEY UPDATE",
        )
        .bind::<Array<SqlUuid>, _>(users),
    );
    let (_, rows): (usize, Vec<AccountRow>) =
        try_join!(by_index.execute(&mut conn), lock.get_results(&mut second))?;
    rows.into_iter()
        .map(|row| {
            let role = Role::from_name(&row.role).ok_or_else(|| super::unknown("role", &row.role))?;
            Ok(Account { id: row.id, role, disabled: row.disabled })
        })
        .collect()
}

/// Those of these orders that have been decided.
pub async fn decided(mut conn: &Conn, ids: &[Uuid]) -> diesel::QueryResult<Vec<Decided>> {
    let rows: Vec<DecidedRow> = fixed(
        diesel::sql_query(
            "SELECT id, customer_id, total_amount, deadline, status, content_hash, version
             FROM orders WHERE id = ANY ($1)",
        )
        .bind::<Array<SqlUuid>, _>(ids),
    )
    .get_results(&mut conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Decided {
                id: row.id,
                customer_id: row.customer_id,
                amount: row.total_amount,
                deadline: row.deadline.to_jiff(),
                status: super::read_status(&row.status)?,
                content_hash: row.content_hash,
                version: row.version.unsigned_abs(),
            })
        })
        .collect()
}

/// Those of these pictures that there are.
pub async fn pictures(mut conn: &Conn, ids: &[Uuid]) -> diesel::QueryResult<Vec<Picture>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    fixed(
        diesel::sql_query(
            "SELECT id, owner_id, status = 'failed' AS failed, target_url FROM images WHERE id = ANY ($1)",
        )
        .bind::<Array<SqlUuid>, _>(ids),
    )
    .get_results(&mut conn)
    .await
}

/// The open orders of each customer with each content (by its hash) that were accepted after `since`: the
/// newest of them, as many as a batch of requests could end, so that no other one matters.
pub async fn recent(
    mut conn: &Conn,
    contents: &[(Uuid, &str)],
    since: Timestamp,
) -> diesel::QueryResult<Vec<Recent>> {
    if contents.is_empty() {
        return Ok(Vec::new());
    }
    let (customers, hashes): (Vec<Uuid>, Vec<&str>) = contents.iter().copied().unzip();
    let rows: Vec<RecentRow> = fixed(
        diesel::sql_query(
            "SELECT asked.customer_id, asked.content_hash, repeated.id, repeated.created_at
             FROM UNNEST($1, $2) AS asked (customer_id, content_hash),
             LATERAL (
                 SELECT id, created_at FROM orders
                 WHERE orders.customer_id = asked.customer_id
                     AND left(orders.content_hash, 16) = left(asked.content_hash, 16)
                     AND orders.content_hash = asked.content_hash AND orders.created_at > $3 AND orders.status = 'open'
                 ORDER BY orders.created_at DESC, orders.id DESC LIMIT 256
             ) AS repeated",
        )
        .bind::<Array<SqlUuid>, _>(customers)
        .bind::<Array<Text>, _>(hashes)
        .bind::<Timestamptz, _>(jiff_diesel::Timestamp::from(since)),
    )
    .get_results(&mut conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Recent {
            customer_id: row.customer_id,
            content_hash: row.content_hash,
            order_id: row.id,
            created_at: row.created_at.to_jiff(),
        })
        .collect())
}

/// Open orders whose deadline is not after `now`, the longest overdue first, with their customers locked.
/// Customers that another transaction is busy with are left out: their turn comes again. Read the orders
/// with [`decided`] before anything is done to them, they may have ended before the lock was taken.
pub async fn due(conn: &mut Conn, now: Timestamp, limit: i64) -> diesel::QueryResult<Vec<Due>> {
    diesel::sql_query(
        "SELECT overdue.id AS order_id, overdue.customer_id
         FROM (
             SELECT id, customer_id FROM orders WHERE status = 'open' AND deadline <= $1
             ORDER BY deadline LIMIT $2
         ) AS overdue
         JOIN users ON users.id = overdue.customer_id
         FOR NO KEY UPDATE OF users SKIP LOCKED",
    )
    .bind::<Timestamptz, _>(jiff_diesel::Timestamp::from(now))
    .bind::<BigInt, _>(limit)
    .prepared()
    .get_results(conn)
    .await
}
