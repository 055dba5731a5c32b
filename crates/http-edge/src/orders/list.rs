use axum::{
    Json,
    extract::{Query, State},
    response::Response,
};
use events::orders::{OrderStatus, rules};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::{
    accounts,
    orders::{self, Cursor, Filter, Order},
};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::view;
use crate::{
    auth::{Customer, PageCustomer},
    edge::{Edge, Site},
    extract::is_storable,
    layout::{self, Frame},
    pages::{BalanceView, OrdersPage},
    problem::{FieldProblem, Problem, ProblemBody},
    wire,
};

#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Asked {
    /// `open`, `rejected`, `cancelled` or `expired`; all when missing
    status: Option<String>,
    /// Text within title, description, target link or city, or the beginning of the id; up to 100 characters
    search: Option<String>,
    /// `nextCursor` of the page before
    cursor: Option<String>,
    /// 1 to 100
    limit: Option<i64>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OrdersBody {
    orders: Vec<wire::Order>,
    next_cursor: Option<String>,
}

struct Found {
    filter: Filter,
    orders: Vec<Order>,
    next_cursor: Option<String>,
}

const USUAL: i64 = 50;
/// Characters of a search.
const SEARCH: usize = 100;

/// One's own orders, newest first
#[utoipa::path(
    get, path = "/api/orders", tag = "orders", params(Asked),
    responses(
        (status = 200, description = "A page of the list", body = OrdersBody),
        (status = 401, description = "unauthorized", body = ProblemBody),
        (status = 403, description = "not_a_customer", body = ProblemBody),
        (status = 422, description = "invalid_fields", body = ProblemBody),
    )
)]
pub(crate) async fn list_orders(
    State(site): State<Site>,
    Customer(caller): Customer,
    Query(asked): Query<Asked>,
) -> Result<Json<OrdersBody>, Problem> {
    let found = find(&site, caller.id(), asked).await?;
    Ok(Json(OrdersBody {
        orders: found.orders.into_iter().map(wire::Order::from).collect(),
        next_cursor: found.next_cursor,
    }))
}

/// `/dashboard/customer`
pub(crate) async fn orders_page(
    State(site): State<Site>,
    PageCustomer(caller): PageCustomer,
    frame: Frame,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    // Before the database is read: an event in between is shown twice rather than never.
    let after = site.tail.position();
    let first_page = asked.cursor.is_none();
    let found = find(&site, caller.id(), asked).await?;
    let balance = accounts::balance(&mut *site.conn().await?, caller.id()).await?;
    let layout = frame.of(Some(&caller.user), after);
    layout::html(&OrdersPage {
        orders: found.orders.into_iter().map(|order| view::order(layout.lang, order, None)).collect(),
        layout,
        filter: found.filter.status.map(view::status),
        search: found.filter.search,
        next_cursor: found.next_cursor,
        first_page,
        balance: BalanceView { available: balance.available, held: balance.held },
    })
}

async fn find(edge: &Edge, customer: Uuid, asked: Asked) -> Result<Found, Problem> {
    let invalid = |field| Problem::fields(vec![FieldProblem::new(field, "invalid")]);
    let status = match asked.status.as_deref().filter(|status| !status.is_empty()) {
        Some(name) => Some(OrderStatus::from_name(name).ok_or_else(|| invalid("status"))?),
        None => None,
    };
    let after = match asked.cursor.as_deref() {
        Some(cursor) => Some(read_cursor(cursor).ok_or_else(|| invalid("cursor"))?),
        None => None,
    };
    let search = asked.search.map(|text| rules::line(&text)).unwrap_or_default();
    if search.chars().count() > SEARCH {
        return Err(Problem::fields(vec![FieldProblem::new("search", "too_long")]));
    }
    let filter = Filter { status, search };
    let limit = asked.limit.unwrap_or(USUAL).clamp(1, 100);
    let orders = orders::list(&mut *edge.conn().await?, customer, &filter, after, limit).await?;
    let full = i64::try_from(orders.len()).unwrap_or(i64::MAX) >= limit;
    let next_cursor = orders.last().filter(|_| full).map(|order| cursor((order.created_at, order.id)));
    Ok(Found { filter, orders, next_cursor })
}

/// `<microseconds>_<id>`
pub(crate) fn cursor((time, id): Cursor) -> String {
    format!("{}_{id}", time.as_microsecond())
}

pub(crate) fn read_cursor(text: &str) -> Option<Cursor> {
    let (time, id) = text.split_once('_')?;
    let time = Timestamp::from_microsecond(time.parse().ok()?).ok().filter(|time| is_storable(*time))?;
    Some((time, id.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_back() {
        let here = (Timestamp::from_microsecond(1_795_000_000_123_456).unwrap(), Uuid::from_u128(7));
        assert_eq!(read_cursor(&cursor(here)), Some(here));
        for wrong in ["x".to_owned(), cursor((Timestamp::MIN, here.1))] {
            assert_eq!(read_cursor(&wrong), None, "{wrong}");
        }
    }
}
