use axum::{
    Json,
    extract::{Path, State},
    response::Response,
};
use store::{images, orders};
use uuid::Uuid;

use super::{create::OrderBody, pending, timeline, view};
use crate::{
    auth::{Customer, PageCustomer},
    edge::Site,
    layout::{self, Frame},
    pages::OrderPage,
    problem::{Problem, ProblemBody},
};

/// One of one's own orders
#[utoipa::path(
    get, path = "/api/orders/{id}", tag = "orders", params(("id" = Uuid, Path)),
    responses(
        (status = 200, description = "The order; `pending` while it is not decided", body = OrderBody),
        (status = 401, description = "unauthorized", body = ProblemBody),
        (status = 404, description = "not_found, also for another's order", body = ProblemBody),
    )
)]
pub(crate) async fn show_order(
    State(site): State<Site>,
    Customer(caller): Customer,
    Path(id): Path<Uuid>,
) -> Result<Json<OrderBody>, Problem> {
    if let Some(order) = orders::by_id(&mut *site.conn().await?, caller.id(), id).await? {
        return Ok(Json(OrderBody { order: order.into() }));
    }
    let order = pending::pending(&site, caller.id(), id).await?.ok_or_else(Problem::not_found)?;
    Ok(Json(OrderBody { order }))
}

/// `/dashboard/customer/orders/{id}`
pub(crate) async fn order_page(
    State(site): State<Site>,
    PageCustomer(caller): PageCustomer,
    frame: Frame,
    Path(id): Path<Uuid>,
) -> Result<Response, Problem> {
    let after = site.tail.position();
    let mut conn = site.conn().await?;
    let order = orders::by_id(&mut conn, caller.id(), id).await?.ok_or_else(Problem::not_found)?;
    let image = match order.content.image_id {
        Some(image) => images::by_id(&mut conn, image).await.map_err(Problem::internal)?,
        None => None,
    };
    drop(conn);
    let events = timeline::read(&site, &order).await?;
    let layout = frame.of(Some(&caller.user), after);
    layout::html(&OrderPage {
        order: view::order(layout.lang, order, image.as_ref()),
        events: events.into_iter().map(|event| timeline::sentence(layout.lang, event)).collect(),
        layout,
    })
}
