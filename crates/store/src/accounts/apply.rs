use std::collections::BTreeMap;

use diesel::sql_types::{Array, BigInt, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl as _;
use events::{LogEvent, Recorded, accounts::AccountEvent};
use jiff::Timestamp;
use uuid::Uuid;

use super::Balance;
use crate::{Conn, fixed::fixed};

/// A ledger row to be; the accounts it moves between follow from its kind.
struct Transfer<'a> {
    user: Uuid,
    version: i64,
    kind: &'static str,
    amount: i64,
    order: Option<Uuid>,
    reason: Option<&'a str>,
    event: Uuid,
    time: Timestamp,
}

/// Each user's balance becomes what the newest fact says, unless it is newer already; each fact becomes a
/// ledger row. So the facts may come in any order, and the balance is never below zero in between.
pub async fn apply(conn: &mut Conn, facts: &[Recorded]) -> anyhow::Result<()> {
    let mut balances: BTreeMap<Uuid, Balance> = BTreeMap::new();
    let mut transfers: BTreeMap<(Uuid, i64, Uuid), Transfer<'_>> = BTreeMap::new();
    for fact in facts {
        let LogEvent::Account(event) = &fact.event else { continue };
        let Some((transfer, available, held)) = read(fact, event)? else { continue };
        let balance = Balance { available, held, version: transfer.version };
        let newest = balances.entry(transfer.user).or_insert(balance);
        if newest.version < balance.version {
            *newest = balance;
        }
        transfers.insert((transfer.user, transfer.version, transfer.event), transfer);
    }
    if !transfers.is_empty() {
        set(conn, &balances).await?;
        enter(conn, transfers.values().collect()).await?;
    }
    Ok(())
}

/// The transfer that a fact tells of, and the balances after it. `None` for wishes and refusals.
fn read<'a>(fact: &Recorded, event: &'a AccountEvent) -> anyhow::Result<Option<(Transfer<'a>, i64, i64)>> {
    let (user, kind, amount, order, reason, available, held) = match event {
        AccountEvent::AccountCredited(event) => {
            let reason = Some(event.reason.as_str());
            (event.user_id, "credit", event.amount, None, reason, event.available, event.held)
        }
        AccountEvent::AccountHeld(event) => {
            let order = Some(event.order_id);
            (event.user_id, "hold", event.amount, order, None, event.available, event.held)
        }
        AccountEvent::AccountReleased(event) => {
            let order = Some(event.order_id);
            (event.user_id, "release", event.amount, order, None, event.available, event.held)
        }
        AccountEvent::CreditRequested(_) | AccountEvent::CreditRefused(_) => return Ok(None),
    };
    let version = fact.meta.version.ok_or_else(|| anyhow::anyhow!("a fact about money without a version"))?;
    let transfer = Transfer {
        user,
        version: i64::try_from(version)?,
        kind,
        amount,
        order,
        reason,
        event: fact.meta.id,
        time: fact.meta.time,
    };
    Ok(Some((transfer, available, held)))
}

async fn set(conn: &mut Conn, balances: &BTreeMap<Uuid, Balance>) -> diesel::QueryResult<()> {
    fixed(
        diesel::sql_query(
            "INSERT INTO balances (user_id, available, held, version)
             SELECT user_id, available, held, version
             FROM UNNEST($1, $2, $3, $4) AS new (user_id, available, held, version)
             ON CONFLICT (user_id) DO UPDATE
             SET available = excluded.available, held = excluded.held, version = excluded.version
             WHERE balances.version < excluded.version",
        )
        .bind::<Array<SqlUuid>, _>(balances.keys().copied().collect::<Vec<_>>())
        .bind::<Array<BigInt>, _>(balances.values().map(|balance| balance.available).collect::<Vec<_>>())
        .bind::<Array<BigInt>, _>(balances.values().map(|balance| balance.held).collect::<Vec<_>>())
        .bind::<Array<BigInt>, _>(balances.values().map(|balance| balance.version).collect::<Vec<_>>()),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A repeated fact changes nothing. Two facts that claim the same version of a balance must not both be
/// committed: the second one fails at NOT NULL, as a second hold of an order does at its unique index.
async fn enter(conn: &mut Conn, transfers: Vec<&Transfer<'_>>) -> diesel::QueryResult<()> {
    let rows = || transfers.iter();
    fixed(
        diesel::sql_query(
            "INSERT INTO ledger (user_id, version, kind, debit, credit, amount, order_id, reason, event_id,
                 created_at)
             SELECT user_id, version, kind,
                 CASE kind WHEN 'credit' THEN 'external' WHEN 'hold' THEN 'available' ELSE 'held' END,
                 CASE kind WHEN 'hold' THEN 'held' ELSE 'available' END,
                 amount, order_id, reason, event_id, at
             FROM UNNEST($1, $2, $3, $4, $5, $6, $7, $8) AS new (
                 user_id, version, kind, amount, order_id, reason, event_id, at)
             ON CONFLICT (user_id, version) DO UPDATE SET event_id = NULL
             WHERE ledger.event_id <> excluded.event_id",
        )
        .bind::<Array<SqlUuid>, _>(rows().map(|row| row.user).collect::<Vec<_>>())
        .bind::<Array<BigInt>, _>(rows().map(|row| row.version).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(rows().map(|row| row.kind).collect::<Vec<_>>())
        .bind::<Array<BigInt>, _>(rows().map(|row| row.amount).collect::<Vec<_>>())
        .bind::<Array<Nullable<SqlUuid>>, _>(rows().map(|row| row.order).collect::<Vec<_>>())
        .bind::<Array<Nullable<Text>>, _>(rows().map(|row| row.reason).collect::<Vec<_>>())
        .bind::<Array<SqlUuid>, _>(rows().map(|row| row.event).collect::<Vec<_>>())
        .bind::<Array<Timestamptz>, _>(
            rows().map(|row| jiff_diesel::Timestamp::from(row.time)).collect::<Vec<_>>(),
        ),
    )
    .execute(conn)
    .await?;
    Ok(())
}
