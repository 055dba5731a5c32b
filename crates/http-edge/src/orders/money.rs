//! Every kopeck that came and went, with the balance after it.

use std::collections::HashMap;

use axum::{
    Json,
    extract::{Query, State},
    response::Response,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::{
    accounts::{self, Entry},
    orders,
};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    auth::{Customer, PageCustomer},
    edge::{Edge, Site},
    layout::{self, Frame},
    pages::{BalanceView, EntryKind, EntryView, MoneyPage},
    paging,
    problem::{Problem, ProblemBody},
    wire::Rubles,
};

#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Asked {
    /// `nextCursor` of the page before
    cursor: Option<String>,
    /// 1 to 100
    limit: Option<i64>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EntriesBody {
    /// Newest first.
    entries: Vec<EntryBody>,
    next_cursor: Option<String>,
}

/// An entry of the ledger, in rubles.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EntryBody {
    /// Counts from 1 without a gap.
    number: i64,
    /// `credit`, `hold` or `release`.
    kind: String,
    /// What it added to the available balance, or took from it.
    #[schema(value_type = f64)]
    available: Rubles,
    /// The same of the held balance.
    #[schema(value_type = f64)]
    held: Rubles,
    #[schema(value_type = f64)]
    available_after: Rubles,
    #[schema(value_type = f64)]
    held_after: Rubles,
    #[serde(skip_serializing_if = "Option::is_none")]
    order_id: Option<Uuid>,
    /// Why an administrator added the money.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// The event of the log that it follows from.
    event_id: Uuid,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

/// An entry, and the kopecks that were available and held after it.
struct Line {
    entry: Entry,
    available: i64,
    held: i64,
}

/// One's own ledger, newest first
///
/// Every balance is the one of the entry below it and what the entry changed.
#[utoipa::path(
    get, path = "/api/balance/entries", tag = "orders", params(Asked),
    responses(
        (status = 200, description = "A page of the ledger", body = EntriesBody),
        (status = 401, description = "unauthorized", body = ProblemBody),
        (status = 403, description = "not_a_customer", body = ProblemBody),
        (status = 422, description = "invalid_fields", body = ProblemBody),
    )
)]
pub(crate) async fn list_entries(
    State(site): State<Site>,
    Customer(caller): Customer,
    Query(asked): Query<Asked>,
) -> Result<Json<EntriesBody>, Problem> {
    let (lines, next_cursor) = find(&site, caller.id(), asked).await?;
    Ok(Json(EntriesBody { entries: lines.into_iter().map(EntryBody::from).collect(), next_cursor }))
}

/// `/dashboard/customer/money`
pub(crate) async fn money_page(
    State(site): State<Site>,
    PageCustomer(caller): PageCustomer,
    frame: Frame,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let after = site.tail.position();
    let first_page = asked.cursor.is_none();
    let (lines, next_cursor) = find(&site, caller.id(), asked).await?;
    let ids: Vec<Uuid> = lines.iter().filter_map(|line| line.entry.order_id).collect();
    let mut conn = site.conn().await?;
    let titles: HashMap<Uuid, String> =
        orders::titles(&mut conn, caller.id(), &ids).await?.into_iter().collect();
    let balance = accounts::balance(&mut conn, caller.id()).await?;
    layout::html(&MoneyPage {
        layout: frame.of(Some(&caller.user), after),
        balance: BalanceView { available: balance.available, held: balance.held },
        entries: lines.into_iter().map(|line| view(line, &titles)).collect(),
        next_cursor,
        first_page,
    })
}

async fn find(edge: &Edge, customer: Uuid, asked: Asked) -> Result<(Vec<Line>, Option<String>), Problem> {
    let before = paging::read("cursor", asked.cursor.as_deref(), |version| version.parse::<i64>().ok())?;
    let limit = paging::limit(asked.limit);
    let mut conn = edge.conn().await?;
    let entries = accounts::entries(&mut conn, customer, before, limit).await?;
    let Some(newest) = entries.first() else { return Ok((Vec::new(), None)) };
    // What has been entered never changes, so this is right whatever is entered meanwhile.
    let mut balance = accounts::balance_at(&mut conn, customer, newest.version).await?;
    let mut lines = Vec::with_capacity(entries.len());
    for entry in entries {
        let (available, held) = entry.change();
        lines.push(Line { entry, available: balance.available, held: balance.held });
        balance.available -= available;
        balance.held -= held;
    }
    let next = lines.last().map(|line| line.entry.version).filter(|version| *version > 1);
    Ok((lines, next.map(|version| version.to_string())))
}

fn view(line: Line, titles: &HashMap<Uuid, String>) -> EntryView {
    let (available, held) = line.entry.change();
    EntryView {
        number: line.entry.version,
        kind: EntryKind::of(&line.entry.kind),
        available,
        held,
        available_after: line.available,
        held_after: line.held,
        order: line.entry.order_id.map(|id| (id.to_string(), titles.get(&id).cloned().unwrap_or_default())),
        reason: line.entry.reason,
        at: line.entry.created_at,
    }
}

impl From<Line> for EntryBody {
    fn from(line: Line) -> Self {
        let (available, held) = line.entry.change();
        Self {
            number: line.entry.version,
            kind: line.entry.kind,
            available: Rubles(available),
            held: Rubles(held),
            available_after: Rubles(line.available),
            held_after: Rubles(line.held),
            order_id: line.entry.order_id,
            reason: line.entry.reason,
            event_id: line.entry.event_id,
            created_at: line.entry.created_at,
        }
    }
}
