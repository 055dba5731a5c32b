use std::collections::BTreeMap;

use diesel::sql_types::{Array, BigInt, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl as _;
use events::{
    LogEvent, Recorded,
    orders::{OrderContent, OrderEvent, OrderStatus, Platform, RejectionCode, short_code},
};
use jiff::Timestamp;
use uuid::Uuid;

use crate::{Conn, fixed::fixed, prepared::Prepared as _};

/// A row to be.
struct New<'a> {
    customer: Uuid,
    content: &'a OrderContent,
    hash: &'a str,
    rejection: Option<RejectionCode>,
    version: i64,
    time: Timestamp,
}

/// How an order ended.
struct End {
    status: OrderStatus,
    version: i64,
    time: Timestamp,
}

/// Decided orders get their row, then ended ones their end, then their scans, whatever the order of the facts. Refusals and
/// wishes leave nothing.
pub async fn apply(conn: &mut Conn, facts: &[Recorded]) -> anyhow::Result<()> {
    let mut new = BTreeMap::new();
    let mut ended = BTreeMap::new();
    for fact in facts {
        let LogEvent::Order(event) = &fact.event else { continue };
        let version = i64::try_from(fact.meta.version.unwrap_or(1))?;
        let time = fact.meta.time;
        let (order, status) = match event {
            OrderEvent::OrderAccepted(event) => {
                let (customer, hash) = (event.customer_id, event.content_hash.as_str());
                let row = New { customer, content: &event.content, hash, rejection: None, version, time };
                new.entry(event.order_id).or_insert(row);
                continue;
            }
            OrderEvent::OrderRejected(event) => {
                let (customer, hash) = (event.customer_id, event.content_hash.as_str());
                let rejection = Some(event.code);
                let row = New { customer, content: &event.content, hash, rejection, version, time };
                new.entry(event.order_id).or_insert(row);
                continue;
            }
            OrderEvent::OrderCancelled(event) => (event.order_id, OrderStatus::Cancelled),
            OrderEvent::OrderExpired(event) => (event.order_id, OrderStatus::Expired),
            OrderEvent::OrderRequested(_)
            | OrderEvent::OrderRequestRefused(_)
            | OrderEvent::OrderCancelRequested(_)
            | OrderEvent::OrderCancelRefused(_)
            | OrderEvent::OrderScanned(_) => continue,
        };
        let end = End { status, version, time };
        if ended.get(&order).is_none_or(|known: &End| known.version < version) {
            ended.insert(order, end);
        }
    }
    if !new.is_empty() {
        insert(conn, &new).await?;
    }
    if !ended.is_empty() {
        end(conn, &ended).await?;
    }
    super::scans::apply(conn, facts).await
}

/// A repeated fact changes nothing. Two decisions about one id that contradict each other, which can only
/// come from two transactions at once, must not both be committed: the second one fails at NOT NULL.
async fn insert(conn: &mut Conn, new: &BTreeMap<Uuid, New<'_>>) -> diesel::QueryResult<()> {
    let rows = || new.values();
    let platforms: Vec<String> = rows().map(|row| joined(&row.content.platforms)).collect();
    let codes: Vec<Option<String>> =
        new.iter().map(|(order, row)| row.content.track_link.then(|| short_code(*order))).collect();
    fixed(
        diesel::sql_query(
            "INSERT INTO orders (id, customer_id, title, description, target_url, total_amount, country, region,
                 city, deadline, platforms, image_id, status, rejection_code, content_hash, version, created_at,
                 updated_at, source_image_id, short_code)
             SELECT id, customer_id, title, description, target_url, total_amount, country, region, city,
                 deadline, string_to_array(platforms, ','), image_id,
                 CASE WHEN rejection_code IS NULL THEN 'open' ELSE 'rejected' END, rejection_code,
                 content_hash, version, at, at, source_image_id, short_code
             FROM UNNEST($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) AS new (
                 id, customer_id, title, description, target_url, total_amount, country, region, city, deadline,
                 platforms, image_id, rejection_code, content_hash, version, at, source_image_id, short_code)
             ON CONFLICT (id) DO UPDATE SET customer_id = NULL
             WHERE (orders.customer_id, orders.content_hash) <> (excluded.customer_id, excluded.content_hash)",
        )
        .bind::<Array<SqlUuid>, _>(new.keys().copied().collect::<Vec<_>>())
        .bind::<Array<SqlUuid>, _>(rows().map(|row| row.customer).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(rows().map(|row| row.content.title.as_str()).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(rows().map(|row| row.content.description.as_str()).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(rows().map(|row| row.content.target_url.as_str()).collect::<Vec<_>>())
        .bind::<Array<BigInt>, _>(rows().map(|row| row.content.amount).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(rows().map(|row| row.content.location.country.as_str()).collect::<Vec<_>>())
        .bind::<Array<Nullable<Text>>, _>(
            rows().map(|row| row.content.location.region.as_deref()).collect::<Vec<_>>(),
        )
        .bind::<Array<Nullable<Text>>, _>(
            rows().map(|row| row.content.location.city.as_deref()).collect::<Vec<_>>(),
        )
        .bind::<Array<Timestamptz>, _>(
            rows().map(|row| jiff_diesel::Timestamp::from(row.content.deadline)).collect::<Vec<_>>(),
        )
        .bind::<Array<Text>, _>(platforms)
        .bind::<Array<Nullable<SqlUuid>>, _>(rows().map(picture).collect::<Vec<_>>())
        .bind::<Array<Nullable<Text>>, _>(
            rows().map(|row| row.rejection.map(RejectionCode::name)).collect::<Vec<_>>(),
        )
        .bind::<Array<Text>, _>(rows().map(|row| row.hash).collect::<Vec<_>>())
        .bind::<Array<BigInt>, _>(rows().map(|row| row.version).collect::<Vec<_>>())
        .bind::<Array<Timestamptz>, _>(
            rows().map(|row| jiff_diesel::Timestamp::from(row.time)).collect::<Vec<_>>(),
        )
        .bind::<Array<Nullable<SqlUuid>>, _>(
            rows().map(|row| picture(row).and(row.content.source_image_id)).collect::<Vec<_>>(),
        )
        .bind::<Array<Nullable<Text>>, _>(codes),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Not a fixed statement: how it is best done depends on the sizes of the tables, and it is rare.
async fn end(conn: &mut Conn, ended: &BTreeMap<Uuid, End>) -> diesel::QueryResult<()> {
    diesel::sql_query(
        "UPDATE orders SET status = ended.status, version = ended.version, updated_at = ended.at
         FROM UNNEST($1, $2, $3, $4) AS ended (id, status, version, at)
         WHERE orders.id = ended.id AND orders.version < ended.version",
    )
    .bind::<Array<SqlUuid>, _>(ended.keys().copied().collect::<Vec<_>>())
    .bind::<Array<Text>, _>(ended.values().map(|end| end.status.name()).collect::<Vec<_>>())
    .bind::<Array<BigInt>, _>(ended.values().map(|end| end.version).collect::<Vec<_>>())
    .bind::<Array<Timestamptz>, _>(
        ended.values().map(|end| jiff_diesel::Timestamp::from(end.time)).collect::<Vec<_>>(),
    )
    .prepared()
    .execute(conn)
    .await?;
    Ok(())
}

/// An order that was rejected before or because of its picture does not refer to it: the picture may not
/// exist, or be another's.
fn picture(row: &New<'_>) -> Option<Uuid> {
    match row.rejection {
        None | Some(RejectionCode::InsufficientBalance) => row.content.image_id,
        Some(RejectionCode::NotACustomer | RejectionCode::ImageNotAvailable) => None,
    }
}

/// UNNEST takes lists apart to the last level, so a list per row travels as one text.
fn joined(platforms: &[Platform]) -> String {
    platforms.iter().map(|platform| platform.name()).collect::<Vec<_>>().join(",")
}
