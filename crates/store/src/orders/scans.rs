//! Short links: where one leads, and who followed it.

use std::collections::BTreeMap;

use diesel::sql_types::{Array, BigInt, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl as _;
use events::{
    LogEvent, Recorded,
    orders::{Device, OrderEvent, OrderScanned, OrderStatus},
};
use jiff::Timestamp;
use uuid::Uuid;

use crate::{Conn, fixed::fixed};

/// Where an order's short link leads, and whether it still does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    pub order_id: Uuid,
    pub customer_id: Uuid,
    pub target_url: String,
    pub status: OrderStatus,
    pub deadline: Timestamp,
}

/// The scans of one order by one kind of device in one hour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HourScans {
    /// Its beginning, in UTC.
    pub hour: Timestamp,
    pub device: Device,
    pub scans: u64,
}

#[derive(diesel::QueryableByName)]
struct LinkRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    customer_id: Uuid,
    #[diesel(sql_type = Text)]
    target_url: String,
    #[diesel(sql_type = Text)]
    status: String,
    #[diesel(sql_type = Timestamptz)]
    deadline: jiff_diesel::Timestamp,
}

#[derive(diesel::QueryableByName)]
struct HourRow {
    #[diesel(sql_type = Timestamptz)]
    hour: jiff_diesel::Timestamp,
    #[diesel(sql_type = Text)]
    device: String,
    #[diesel(sql_type = BigInt)]
    scans: i64,
}

#[derive(diesel::QueryableByName)]
struct TotalRow {
    #[diesel(sql_type = SqlUuid)]
    order_id: Uuid,
    #[diesel(sql_type = BigInt)]
    scans: i64,
}

#[derive(diesel::QueryableByName)]
struct Id {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

/// The order whose code this is: of two with one code, the older one.
pub async fn link(conn: &mut Conn, code: &str) -> diesel::QueryResult<Option<Link>> {
    let rows: Vec<LinkRow> = fixed(
        diesel::sql_query(
            "SELECT id, customer_id, target_url, status, deadline FROM orders
             WHERE short_code = $1 ORDER BY created_at, id LIMIT 1",
        )
        .bind::<Text, _>(code),
    )
    .get_results(conn)
    .await?;
    let link = |row: LinkRow| {
        Ok(Link {
            order_id: row.id,
            customer_id: row.customer_id,
            target_url: row.target_url,
            status: super::read_status(&row.status)?,
            deadline: row.deadline.to_jiff(),
        })
    };
    rows.into_iter().next().map(link).transpose()
}

/// An order's scans in the hours that begin from `from` on and before `to`, oldest first.
pub async fn by_hour(
    conn: &mut Conn,
    order: Uuid,
    from: Option<Timestamp>,
    to: Option<Timestamp>,
) -> diesel::QueryResult<Vec<HourScans>> {
    let rows: Vec<HourRow> = fixed(
        diesel::sql_query(
            "SELECT hour, device, scans FROM order_scans
             WHERE order_id = $1 AND hour >= COALESCE($2, '-infinity') AND hour < COALESCE($3, 'infinity')
             ORDER BY hour, device",
        )
        .bind::<SqlUuid, _>(order)
        .bind::<Nullable<Timestamptz>, _>(from.map(jiff_diesel::Timestamp::from))
        .bind::<Nullable<Timestamptz>, _>(to.map(jiff_diesel::Timestamp::from)),
    )
    .get_results(conn)
    .await?;
    let hour = |row: HourRow| {
        let device = Device::from_name(&row.device).ok_or_else(|| super::unknown("device", &row.device))?;
        Ok(HourScans { hour: row.hour.to_jiff(), device, scans: row.scans.unsigned_abs() })
    };
    rows.into_iter().map(hour).collect()
}

/// How many people have followed the links of these orders; those whom nobody followed are left out.
pub async fn totals(conn: &mut Conn, orders: &[Uuid]) -> diesel::QueryResult<Vec<(Uuid, u64)>> {
    let rows: Vec<TotalRow> = fixed(
        diesel::sql_query(
            "SELECT order_id, sum(scans)::bigint AS scans FROM order_scans
             WHERE order_id = ANY ($1) AND device <> 'bot' GROUP BY order_id",
        )
        .bind::<Array<SqlUuid>, _>(orders),
    )
    .get_results(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.order_id, row.scans.unsigned_abs())).collect())
}

/// Those of these orders that there are.
pub async fn known(conn: &mut Conn, orders: &[Uuid]) -> diesel::QueryResult<Vec<Uuid>> {
    let rows: Vec<Id> = fixed(
        diesel::sql_query("SELECT id FROM orders WHERE id = ANY ($1)").bind::<Array<SqlUuid>, _>(orders),
    )
    .get_results(conn)
    .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Adds the scans to their hours, in one statement, in the order of the keys, so that two instances do not
/// wait for each other crosswise. Whether the order exists is not asked here: a rebuild may meet its scans
/// before the order itself. Repeating it counts again; the inbox keeps repetitions out.
pub(super) async fn apply(conn: &mut Conn, facts: &[Recorded]) -> anyhow::Result<()> {
    let mut counts: BTreeMap<(Uuid, Timestamp, &'static str), i64> = BTreeMap::new();
    for fact in facts {
        let LogEvent::Order(OrderEvent::OrderScanned(event)) = &fact.event else { continue };
        // No worker counts it, so a rebuild does not either.
        if event.scans.len() > OrderScanned::MOST {
            continue;
        }
        for scan in &event.scans {
            *counts.entry((event.order_id, hour_of(scan.at)?, scan.device.name())).or_default() += 1;
        }
    }
    if counts.is_empty() {
        return Ok(());
    }
    fixed(
        diesel::sql_query(
            "INSERT INTO order_scans (order_id, hour, device, scans)
             SELECT order_id, hour, device, scans FROM UNNEST($1, $2, $3, $4) AS new (order_id, hour, device, scans)
             ON CONFLICT (order_id, hour, device) DO UPDATE SET scans = order_scans.scans + excluded.scans",
        )
        .bind::<Array<SqlUuid>, _>(counts.keys().map(|(order, ..)| *order).collect::<Vec<_>>())
        .bind::<Array<Timestamptz>, _>(
            counts.keys().map(|(_, hour, _)| jiff_diesel::Timestamp::from(*hour)).collect::<Vec<_>>(),
        )
        .bind::<Array<Text>, _>(counts.keys().map(|(.., device)| *device).collect::<Vec<_>>())
        .bind::<Array<BigInt>, _>(counts.values().copied().collect::<Vec<_>>()),
    )
    .execute(conn)
    .await?;
    Ok(())
}

fn hour_of(at: Timestamp) -> anyhow::Result<Timestamp> {
    Ok(Timestamp::from_second(at.as_second().div_euclid(3_600) * 3_600)?)
}
