//! Orders. The worker reads what it decides from ([`state`]); the edge reads them for people.

mod apply;
mod list_all;
pub mod scans;
pub mod state;

use diesel::{
    dsl::sql,
    prelude::*,
    sql_types::{Bool, Text},
};
use diesel_async::RunQueryDsl;
use events::orders::{Location, OrderContent, OrderStatus, Platform, RejectionCode};
use jiff::Timestamp;
use uuid::Uuid;

use crate::{
    Conn,
    schema::{images, orders},
};

pub use apply::apply;
pub use list_all::{Asked, Owned, any_by_id, list_all};

/// An order that has been decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    pub id: Uuid,
    pub customer_id: Uuid,
    /// As it was accepted or rejected; without its picture when the picture was the reason.
    pub content: OrderContent,
    /// SHA-256, in hexadecimal: what a repeated request is compared by.
    pub content_hash: String,
    /// Never `Pending`.
    pub status: OrderStatus,
    pub rejection: Option<RejectionCode>,
    /// The picture carries its QR code: what was rendered can be shown.
    pub image_rendered: bool,
    pub version: u64,
    /// When it was decided.
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// Where a list goes on: after the order with this time and id.
pub type Cursor = (Timestamp, Uuid);

/// What is looked for in a list.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// All states when `None`.
    pub status: Option<OrderStatus>,
    /// Text within title, description, target link or city, or the beginning of the id; all orders when empty.
    pub search: String,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = orders, check_for_backend(diesel::pg::Pg))]
struct Row {
    id: Uuid,
    customer_id: Uuid,
    title: String,
    description: String,
    target_url: String,
    total_amount: i64,
    country: String,
    region: Option<String>,
    city: Option<String>,
    #[diesel(deserialize_as = jiff_diesel::Timestamp)]
    deadline: Timestamp,
    platforms: Vec<String>,
    image_id: Option<Uuid>,
    status: String,
    rejection_code: Option<String>,
    content_hash: String,
    version: i64,
    #[diesel(deserialize_as = jiff_diesel::Timestamp)]
    created_at: Timestamp,
    #[diesel(deserialize_as = jiff_diesel::Timestamp)]
    updated_at: Timestamp,
    source_image_id: Option<Uuid>,
    short_code: Option<String>,
}

/// The customer's own order of this id; `None` also for another's.
pub async fn by_id(conn: &mut Conn, customer: Uuid, id: Uuid) -> QueryResult<Option<Order>> {
    let row: Option<(Row, Option<String>)> = orders::table
        .find(id)
        .filter(orders::customer_id.eq(customer))
        .left_join(images::table.on(orders::image_id.eq(images::id.nullable())))
        .select((Row::as_select(), images::status.nullable()))
        .first(conn)
        .await
        .optional()?;
    row.map(read).transpose()
}

/// The customer's order that shows this picture.
pub async fn by_picture(conn: &mut Conn, customer: Uuid, image: Uuid) -> QueryResult<Option<Order>> {
    let row: Option<(Row, Option<String>)> = orders::table
        .filter(orders::customer_id.eq(customer))
        .filter(orders::image_id.eq(image))
        .left_join(images::table.on(orders::image_id.eq(images::id.nullable())))
        .select((Row::as_select(), images::status.nullable()))
        .first(conn)
        .await
        .optional()?;
    row.map(read).transpose()
}

/// A customer's orders, newest first, at most `limit` of them. A search reads all of the customer's orders, by
/// the index of the list.
pub async fn list(
    conn: &mut Conn,
    customer: Uuid,
    filter: &Filter,
    after: Option<Cursor>,
    limit: i64,
) -> QueryResult<Vec<Order>> {
    let mut query = orders::table
        .left_join(images::table.on(orders::image_id.eq(images::id.nullable())))
        .filter(orders::customer_id.eq(customer))
        .order((orders::created_at.desc(), orders::id.desc()))
        .limit(limit.clamp(1, 100))
        .select((Row::as_select(), images::status.nullable()))
        .into_boxed();
    if let Some(status) = filter.status {
        query = query.filter(orders::status.eq(status.name()));
    }
    let search = filter.search.trim();
    if !search.is_empty() {
        let within = format!("%{}%", escaped(search));
        let beginning = format!("{}%", escaped(&search.to_lowercase()));
        // The collation knows large and small letters of every script, whatever the database's own one is.
        query = query.filter(
            sql::<Bool>(
                "(concat_ws(' ', orders.title, orders.description, orders.target_url, orders.city)
                  COLLATE \"und-x-icu\" ILIKE ",
            )
            .bind::<Text, _>(within)
            .sql(" OR orders.id::text LIKE ")
            .bind::<Text, _>(beginning)
            .sql(")"),
        );
    }
    if let Some((time, id)) = after {
        let time = jiff_diesel::Timestamp::from(time);
        // The first condition bounds the index scan; the second one is exact.
        query = query
            .filter(orders::created_at.le(time))
            .filter(orders::created_at.lt(time).or(orders::id.lt(id)));
    }
    let rows: Vec<(Row, Option<String>)> = query.load(conn).await?;
    rows.into_iter().map(read).collect()
}

/// What the customer calls these orders.
pub async fn titles(conn: &mut Conn, customer: Uuid, ids: &[Uuid]) -> QueryResult<Vec<(Uuid, String)>> {
    orders::table
        .filter(orders::id.eq_any(ids))
        .filter(orders::customer_id.eq(customer))
        .select((orders::id, orders::title))
        .load(conn)
        .await
}

fn read((row, image_status): (Row, Option<String>)) -> QueryResult<Order> {
    let platforms = row
        .platforms
        .iter()
        .map(|name| Platform::from_name(name).ok_or_else(|| unknown("platform", name)))
        .collect::<QueryResult<_>>()?;
    Ok(Order {
        id: row.id,
        customer_id: row.customer_id,
        content: OrderContent {
            title: row.title,
            description: row.description,
            target_url: row.target_url,
            amount: row.total_amount,
            location: Location { country: row.country, region: row.region, city: row.city },
            deadline: row.deadline,
            platforms,
            image_id: row.image_id,
            source_image_id: row.source_image_id,
            track_link: row.short_code.is_some(),
        },
        content_hash: row.content_hash,
        status: read_status(&row.status)?,
        rejection: row
            .rejection_code
            .map(|code| RejectionCode::from_name(&code).ok_or_else(|| unknown("rejection code", &code)))
            .transpose()?,
        image_rendered: image_status.as_deref() == Some("rendered"),
        version: row.version.unsigned_abs(),
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}

/// A text that stands for itself in a LIKE pattern.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

fn read_status(name: &str) -> QueryResult<OrderStatus> {
    OrderStatus::from_name(name).ok_or_else(|| unknown("order status", name))
}

/// A value that a newer version of this program has written.
fn unknown(what: &str, value: &str) -> diesel::result::Error {
    diesel::result::Error::DeserializationError(format!("unknown {what} {value:?}").into())
}
