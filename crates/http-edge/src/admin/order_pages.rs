use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use store::{
    images,
    orders::{self, Owned},
};
use uuid::Uuid;

use super::orders::{Asked, find};
use crate::{
    auth::PageAdmin,
    edge::Site,
    layout::{self, Frame},
    orders::{timeline, view},
    pages::{AdminOrderPage, AdminOrdersPage, OwnedOrderView},
    problem::Problem,
    texts::Lang,
};

/// `/dashboard/orders`
pub(crate) async fn orders_page(
    State(site): State<Site>,
    PageAdmin(caller): PageAdmin,
    frame: Frame,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let found = find(&site, &asked).await?;
    let layout = frame.of(Some(&caller.user), site.tail.position());
    layout::html(&AdminOrdersPage {
        orders: found.orders.into_iter().map(|owned| owned_view(layout.lang, owned, None)).collect(),
        layout,
        search: asked.search.unwrap_or_default(),
        status: found.status,
        next_cursor: found.next_cursor,
    })
}

/// `/dashboard/orders/{id}`
pub(crate) async fn order_page(
    State(site): State<Site>,
    PageAdmin(caller): PageAdmin,
    frame: Frame,
    Path(id): Path<Uuid>,
) -> Result<Response, Problem> {
    let after = site.tail.position();
    let mut conn = site.conn().await?;
    let owned = orders::any_by_id(&mut conn, id).await?.ok_or_else(Problem::not_found)?;
    let image = match owned.order.content.image_id {
        Some(image) => images::by_id(&mut conn, image).await.map_err(Problem::internal)?,
        None => None,
    };
    drop(conn);
    let events = timeline::read(&site, &owned.order).await?;
    let layout = frame.of(Some(&caller.user), after);
    layout::html(&AdminOrderPage {
        owned: owned_view(layout.lang, owned, image.as_ref()),
        events: events.into_iter().map(|event| timeline::sentence(layout.lang, event)).collect(),
        layout,
    })
}

fn owned_view(lang: Lang, owned: Owned, image: Option<&images::Image>) -> OwnedOrderView {
    OwnedOrderView {
        customer_id: owned.order.customer_id.to_string(),
        customer_name: owned.customer_name,
        customer_phone: owned.customer_phone,
        order: view::order(lang, owned.order, image),
    }
}
