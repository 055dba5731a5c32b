use std::time::Duration;

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use events::{
    LogEvent, Outgoing, Service,
    orders::{OrderCancelRequested, OrderEvent, OrderStatus},
};
use store::orders;
use uuid::Uuid;

use super::create::OrderBody;
use crate::{
    auth::{Caller, Customer, PageCustomer},
    edge::Site,
    problem::{Problem, ProblemBody},
    trace::Trace,
    wire,
};

const PATIENCE: Duration = Duration::from_secs(5);

enum Outcome {
    Cancelled,
    /// What stands against it; `None` when there is no such order.
    Refused(Option<OrderStatus>),
}

/// Cancel an open order
#[utoipa::path(
    post, path = "/api/orders/{id}/cancel", tag = "orders", params(("id" = Uuid, Path)),
    responses(
        (status = 200, description = "Cancelled; its amount is available again", body = OrderBody),
        (status = 202, description = "Not decided within 5 s", body = OrderBody),
        (status = 401, description = "unauthorized", body = ProblemBody),
        (status = 404, description = "not_found", body = ProblemBody),
        (status = 409, description = "not_open", body = ProblemBody),
    )
)]
pub(crate) async fn cancel_order(
    State(site): State<Site>,
    Customer(caller): Customer,
    Path(id): Path<Uuid>,
    trace: Trace,
) -> Result<Response, Problem> {
    let (done, order) = cancel(&site, &caller, id, trace).await?;
    let status = if done { StatusCode::OK } else { StatusCode::ACCEPTED };
    Ok((status, Json(OrderBody { order })).into_response())
}

/// `POST /dashboard/customer/orders/{id}/cancel`
pub(crate) async fn cancel_form(
    State(site): State<Site>,
    PageCustomer(caller): PageCustomer,
    Path(id): Path<Uuid>,
    trace: Trace,
) -> Result<Redirect, Problem> {
    let notice = match cancel(&site, &caller, id, trace).await {
        Ok((true, _)) => "order-cancelled",
        Ok((false, _)) => "order-cancelling",
        Err(problem) if problem.code == "not_open" => "order-not-open",
        Err(problem) => return Err(problem),
    };
    Ok(Redirect::to(&format!("/dashboard/customer/orders/{id}?notice={notice}")))
}

/// Whether it is done already, and the order as it stands.
async fn cancel(
    site: &Site,
    caller: &Caller,
    id: Uuid,
    trace: Trace,
) -> Result<(bool, wire::Order), Problem> {
    let customer = caller.id();
    let order =
        orders::by_id(&mut *site.conn().await?, customer, id).await?.ok_or_else(Problem::not_found)?;
    if order.status != OrderStatus::Open {
        return Err(not_open());
    }
    let event = OrderCancelRequested { order_id: id, customer_id: customer };
    let mut request = Outgoing::request(Service::HttpEdge, &caller.auth(), event);
    request.meta.traceparent = trace.0;
    let mut waiter = site.tail.waiter(request.meta.id);
    site.bus.publish(&request).await?;
    let outcome = waiter
        .wait(PATIENCE, |recorded| match &recorded.event {
            LogEvent::Order(OrderEvent::OrderCancelled(_)) => Some(Outcome::Cancelled),
            LogEvent::Order(OrderEvent::OrderCancelRefused(event)) => Some(Outcome::Refused(event.status)),
            _ => None,
        })
        .await;
    match outcome {
        Some(Outcome::Refused(Some(_))) => return Err(not_open()),
        Some(Outcome::Refused(None)) => return Err(Problem::not_found()),
        Some(Outcome::Cancelled) | None => {}
    }
    let order =
        orders::by_id(&mut *site.conn().await?, customer, id).await?.ok_or_else(Problem::not_found)?;
    Ok((outcome.is_some(), order.into()))
}

fn not_open() -> Problem {
    Problem::new(StatusCode::CONFLICT, "not_open", "Отменить можно только открытый заказ")
}
