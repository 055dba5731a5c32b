use axum::{
    Json,
    extract::{Path, Query, State},
};
use events::orders::OrderStatus;
use serde::{Deserialize, Serialize};
use store::orders::{self, Owned};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::search;
use crate::{
    auth::Admin,
    edge::{Edge, Site},
    paging,
    problem::{Problem, ProblemBody},
    wire,
};

#[derive(Debug, Default, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Asked {
    /// Part of the title, of the target link or of the customer's name or phone; an order's or a customer's id
    pub(super) search: Option<String>,
    /// `open`, `rejected`, `cancelled` or `expired`
    pub(super) status: Option<String>,
    /// `nextCursor` of the page before
    pub(super) cursor: Option<String>,
    /// 1 to 100
    pub(super) limit: Option<i64>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OwnedOrder {
    #[serde(flatten)]
    order: wire::Order,
    customer: Customer,
}

/// Whose order it is.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OrderCustomer)]
pub(crate) struct Customer {
    id: Uuid,
    name: String,
    /// E.164.
    phone: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = OwnedOrdersBody)]
pub(crate) struct OrdersBody {
    /// Newest first.
    orders: Vec<OwnedOrder>,
    next_cursor: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OwnedOrderBody)]
pub(crate) struct OrderBody {
    order: OwnedOrder,
}

pub(super) struct Found {
    pub(super) orders: Vec<Owned>,
    pub(super) status: Option<OrderStatus>,
    pub(super) next_cursor: Option<String>,
}

/// Find orders
#[utoipa::path(
    get, path = "/api/admin/orders", tag = "admin", params(Asked),
    responses(
        (status = 200, description = "A page of the list", body = OrdersBody),
        (status = 401, description = "unauthorized", body = ProblemBody),
        (status = 403, description = "not_an_admin", body = ProblemBody),
        (status = 422, description = "invalid_fields", body = ProblemBody),
    )
)]
pub(crate) async fn find_orders(
    State(site): State<Site>,
    Admin(_admin): Admin,
    Query(asked): Query<Asked>,
) -> Result<Json<OrdersBody>, Problem> {
    let found = find(&site, &asked).await?;
    Ok(Json(OrdersBody {
        orders: found.orders.into_iter().map(OwnedOrder::from).collect(),
        next_cursor: found.next_cursor,
    }))
}

/// An order, whosever it is
#[utoipa::path(
    get, path = "/api/admin/orders/{id}", tag = "admin", params(("id" = Uuid, Path)),
    responses(
        (status = 200, description = "The order", body = OrderBody),
        (status = 401, description = "unauthorized", body = ProblemBody),
        (status = 403, description = "not_an_admin", body = ProblemBody),
        (status = 404, description = "not_found", body = ProblemBody),
    )
)]
pub(crate) async fn show_any_order(
    State(site): State<Site>,
    Admin(_admin): Admin,
    Path(id): Path<Uuid>,
) -> Result<Json<OrderBody>, Problem> {
    let owned = orders::any_by_id(&mut *site.conn().await?, id).await?.ok_or_else(Problem::not_found)?;
    Ok(Json(OrderBody { order: owned.into() }))
}

pub(super) async fn find(edge: &Edge, asked: &Asked) -> Result<Found, Problem> {
    let status = paging::given(asked.status.as_deref());
    let status = paging::read("status", status, OrderStatus::from_name)?;
    let after = paging::given(asked.cursor.as_deref());
    let after = paging::read("cursor", after, paging::read_cursor)?;
    let limit = paging::limit(asked.limit);
    let people = search::people(asked.search.as_deref().unwrap_or_default());
    let wanted = orders::Asked {
        text: people.name.clone(),
        id: people.id,
        customers: Some(people),
        customer: None,
        status,
        after,
        limit,
    };
    let orders = orders::list_all(&mut *edge.conn().await?, &wanted).await?;
    let next_cursor = paging::next(&orders, limit, |owned| (owned.order.created_at, owned.order.id));
    Ok(Found { orders, status, next_cursor })
}

impl From<Owned> for OwnedOrder {
    fn from(owned: Owned) -> Self {
        let customer =
            Customer { id: owned.order.customer_id, name: owned.customer_name, phone: owned.customer_phone };
        Self { customer, order: owned.order.into() }
    }
}
