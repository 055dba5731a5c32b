use axum::{
    Json,
    extract::{Query, State},
    response::Response,
};
use events::orders::{OrderStatus, rules};
use serde::{Deserialize, Serialize};
use store::{
    accounts,
    orders::{self, Filter, Order},
};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::view;
use crate::{
    auth::{Customer, PageCustomer},
    edge::{Edge, Site},
    layout::{self, Frame},
    pages::{BalanceView, OrdersPage},
    paging,
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
        filter: found.filter.status,
        search: found.filter.search,
        next_cursor: found.next_cursor,
        first_page,
        balance: BalanceView { available: balance.available, held: balance.held },
    })
}

async fn find(edge: &Edge, customer: Uuid, asked: Asked) -> Result<Found, Problem> {
    let status = paging::given(asked.status.as_deref());
    let status = paging::read("status", status, OrderStatus::from_name)?;
    let after = paging::read("cursor", asked.cursor.as_deref(), paging::read_cursor)?;
    let search = asked.search.map(|text| rules::line(&text)).unwrap_or_default();
    if search.chars().count() > SEARCH {
        return Err(Problem::fields(vec![FieldProblem::new("search", "too_long")]));
    }
    let filter = Filter { status, search };
    let limit = paging::limit(asked.limit);
    let orders = orders::list(&mut *edge.conn().await?, customer, &filter, after, limit).await?;
    let next_cursor = paging::next(&orders, limit, |order| (order.created_at, order.id));
    Ok(Found { filter, orders, next_cursor })
}
