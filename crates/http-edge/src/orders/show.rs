use axum::{
    Json,
    extract::{Path, State},
    response::Response,
};
use events::orders::OrderStatus;
use store::{
    images,
    orders::{
        self, Order,
        scans::{self, HourScans},
    },
};
use uuid::Uuid;

use super::{
    create::OrderBody,
    pending::{self, Undecided},
    timeline, view,
};
use crate::{
    auth::{Caller, Customer, PageCustomer},
    edge::Site,
    layout::{self, Frame},
    pages::{FieldError, Layout, OrderPage, OrderRefusedPage, OrderScans, ScanHour},
    problem::{FieldProblem, Problem, ProblemBody},
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
    let order = orders::by_id(&mut *site.conn().await?, caller.id(), id).await?;
    let layout = frame.of(Some(&caller.user), after);
    let Some(order) = order else { return undecided_page(&site, &caller, layout, id).await };
    let image = match order.content.image_id {
        Some(image) => images::by_id(&mut *site.conn().await?, image).await.map_err(Problem::internal)?,
        None => None,
    };
    let has_link = order.content.track_link && order.status != OrderStatus::Rejected;
    let scans = match has_link {
        true => Some(scans::by_hour(&mut *site.conn().await?, id, None, None).await?),
        false => None,
    };
    let events = timeline::read(&site, &order).await?;
    layout::html(&OrderPage {
        address: site.address.clone(),
        scans: scans.map(|rows| scanned(&layout, &order, &rows)),
        order: view::order(layout.lang, order, image.as_ref()),
        events: events.into_iter().map(|event| timeline::sentence(layout.lang, event)).collect(),
        layout,
    })
}

/// The page of an order that is not decided yet, or that was refused.
async fn undecided_page(site: &Site, caller: &Caller, layout: Layout, id: Uuid) -> Result<Response, Problem> {
    match pending::undecided(site, caller.id(), id).await? {
        Some(Undecided::Pending(event, meta)) => {
            let events = pending::order_log(site, id).await?;
            layout::html(&OrderPage {
                address: site.address.clone(),
                order: view::pending(*event, &meta),
                scans: None,
                events: events.into_iter().map(|event| timeline::sentence(layout.lang, event)).collect(),
                layout,
            })
        }
        Some(Undecided::Refused(event)) => layout::html(&OrderRefusedPage {
            layout,
            code: event.code,
            existing_order: event.existing_order_id.map(|id| id.to_string()),
            errors: event.errors.into_iter().map(FieldProblem::from).map(FieldError::from).collect(),
        }),
        None => Err(Problem::not_found()),
    }
}

fn scanned(layout: &Layout, order: &Order, rows: &[HourScans]) -> OrderScans {
    let rows: Vec<ScanHour> =
        rows.iter().map(|row| ScanHour { at: row.hour, device: row.device, scans: row.scans }).collect();
    let until = if order.status == OrderStatus::Open { layout.now } else { order.updated_at };
    OrderScans::new(&rows, order.created_at, until, layout.now, &layout.zone)
}
