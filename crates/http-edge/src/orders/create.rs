use std::time::Duration;

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use events::{
    LogEvent, Meta, Outgoing, Recorded, Service, derived_id,
    orders::{OrderEvent, OrderRejected, OrderRequestRefused, OrderRequested},
};
use jiff::Timestamp;
use serde::Serialize;
use store::{identity::drafts, orders};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    input::{NewOrder, OrderInput},
    pending, picture,
    refusal::{idempotency_mismatch, refused, rejected},
    short_link,
};
use crate::{
    auth::{Caller, Customer},
    edge::Site,
    extract::{Field, JsonText},
    problem::{FieldProblem, Problem, ProblemBody},
    trace::Trace,
    wire,
};

/// How long an answer waits for the order worker.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long the broker may take before the client is told to try again.
const PUBLISH: Duration = Duration::from_secs(8);
const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// What became of a wish for an order, when it is not refused.
#[derive(Debug)]
pub(crate) enum Created {
    Order(Box<wire::Order>),
    /// The worker has not said yet.
    Pending(Uuid),
}

/// A wish for an order.
#[derive(Debug)]
pub(crate) struct Wish {
    pub(crate) input: OrderInput,
    /// Makes repetitions one: the header, or the id that the form was rendered with.
    pub(crate) key: Option<String>,
    pub(crate) trace: Trace,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OrderBody {
    pub(crate) order: wire::Order,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PendingBody {
    id: Uuid,
    /// `pending`
    status: &'static str,
}

/// Create an order
///
/// Answers when the order worker has decided, at most after 5 s.
#[utoipa::path(
    post, path = "/api/orders", tag = "orders", request_body = NewOrder,
    params(("Idempotency-Key" = Option<String>, Header, description = "Repetitions under one key are one order")),
    responses(
        (status = 201, description = "Accepted", body = OrderBody),
        (status = 202, description = "Not decided yet; ask at Location", body = PendingBody),
        (status = 400, description = "missing_fields", body = ProblemBody),
        (status = 401, description = "unauthorized", body = ProblemBody),
        (status = 402, description = "insufficient_balance", body = ProblemBody),
        (status = 403, description = "not_a_customer, not_your_account", body = ProblemBody),
        (status = 404, description = "user_not_found", body = ProblemBody),
        (status = 409, description = "idempotency_mismatch, possible_duplicate", body = ProblemBody),
        (status = 422, description = "One entry per wrong field", body = ProblemBody),
        (status = 429, description = "too_many_renderings, with Retry-After, when the balance does not cover an order with a picture", body = ProblemBody),
    )
)]
pub(crate) async fn create_order(
    State(site): State<Site>,
    Customer(caller): Customer,
    headers: HeaderMap,
    trace: Trace,
    body: JsonText,
) -> Result<Response, Problem> {
    let wish = Wish { input: body.parse()?, key: idempotency_key(&headers)?, trace };
    Ok(match create(&site, &caller, wish).await? {
        Created::Order(order) => {
            let location = format!("/api/orders/{}", order.id);
            let body = axum::Json(OrderBody { order: *order });
            (StatusCode::CREATED, [(header::LOCATION, location)], body).into_response()
        }
        Created::Pending(id) => {
            let location = format!("/api/orders/{id}");
            let body = axum::Json(PendingBody { id, status: "pending" });
            (StatusCode::ACCEPTED, [(header::LOCATION, location)], body).into_response()
        }
    })
}

/// Checks the wish, publishes it and waits for what the worker makes of it.
pub(crate) async fn create(site: &Site, caller: &Caller, wish: Wish) -> Result<Created, Problem> {
    let customer = caller.id();
    if !is_own(&wish.input.customer_id, customer) {
        return Err(Problem::new(
            StatusCode::FORBIDDEN,
            "not_your_account",
            "Заказ можно создать только от своего имени",
        ));
    }
    let confirmed = wish.input.confirm_duplicate.clone().given().unwrap_or_default();
    let mut read = wish.input.read();
    let keyed = wish.key.is_some();
    let id = wish.key.map_or_else(Uuid::now_v7, |key| short_link::order_of_key(customer, &key));
    let picture = picture::choose(site, customer, id, &mut read.content, read.track_link).await?;
    // A repetition is answered as before, even when the deadline has passed meanwhile.
    if keyed
        && read.is_whole()
        && let Some(order) = orders::by_id(&mut *site.conn().await?, customer, id).await?
    {
        return repeated(order, Some(&read.content.hash()));
    }
    let began = events::now();
    let content = read
        .check(began)
        .map_err(|errors| Problem::fields(errors.into_iter().map(FieldProblem::from).collect()))?;
    if let Some(picture) = picture {
        picture.order(site, caller, content.amount, wish.trace.clone()).await?;
    }
    let guard = caller.session.is_some() && !confirmed;
    let event_id = match keyed {
        true => request_id(site, id, &content.hash(), guard).await?,
        false => Uuid::now_v7(),
    };
    let event = OrderRequested { order_id: id, customer_id: customer, content, guard_duplicates: guard };
    let mut request = Outgoing::request_with_id(event_id, Service::HttpEdge, &caller.auth(), event);
    request.meta.traceparent = wish.trace.0;

    let mut waiter = site.tail.waiter(request.meta.id);
    let published = site.bus.publish_within(&request, PUBLISH).await?;
    let outcome = if published.duplicate { earlier(site, &request.meta, customer, id).await? } else { None };
    let outcome = match outcome {
        Some(outcome) => Some(outcome),
        None => waiter.wait(PATIENCE, outcome_of).await,
    };
    // Said while nobody listened, perhaps.
    let outcome = match outcome {
        Some(outcome) => Some(outcome),
        None => earlier(site, &request.meta, customer, id).await?,
    };
    let created = match outcome {
        Some(outcome) => settle(site, customer, outcome).await?,
        None => Created::Pending(id),
    };
    if keyed && caller.session.is_some() && matches!(created, Created::Order(_)) {
        forget_draft(site, customer, began);
    }
    Ok(created)
}

/// A body may say whose order it is; it must then say the caller's own id.
fn is_own(given: &Field<String>, customer: Uuid) -> bool {
    match given {
        Field::Missing => true,
        Field::Given(id) => id.parse() == Ok(customer),
        Field::Wrong => false,
    }
}

/// The header's value: up to 255 visible ASCII characters.
pub(crate) fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(key) = headers.get(IDEMPOTENCY_KEY) else { return Ok(None) };
    match key.to_str().map(str::trim) {
        Ok(key) if !key.is_empty() && key.len() <= 255 => Ok(Some(key.to_owned())),
        _ => Err(Problem::bad_request("Idempotency-Key must have 1 to 255 visible ASCII characters")),
    }
}

/// The same for repetitions of one wish, until it is refused: what is asked after that is asked anew, as the reason may
/// have gone.
async fn request_id(site: &Site, order: Uuid, hash: &str, guard: bool) -> Result<Uuid, Problem> {
    let (order_text, guard) = (order.to_string(), if guard { "1" } else { "0" });
    let refusal = pending::last_refusal(site, order).await?;
    let parts = ["order-request", &order_text, hash, guard];
    Ok(match refusal {
        Some(refusal) => derived_id(&[&parts[..], &[&refusal]].concat()),
        None => derived_id(&parts),
    })
}

/// What the worker said.
#[derive(Debug)]
enum Outcome {
    Accepted(Box<wire::Order>),
    Rejected(Box<OrderRejected>),
    Refused(OrderRequestRefused),
    /// An earlier request of the same content was decided; the row tells how.
    Row(Box<orders::Order>),
}

fn outcome_of(recorded: &Recorded) -> Option<Outcome> {
    match &recorded.event {
        LogEvent::Order(OrderEvent::OrderAccepted(event)) => {
            Some(Outcome::Accepted(Box::new(wire::Order::accepted(event, &recorded.meta))))
        }
        LogEvent::Order(OrderEvent::OrderRejected(event)) => Some(Outcome::Rejected(Box::new(event.clone()))),
        LogEvent::Order(OrderEvent::OrderRequestRefused(event)) => Some(Outcome::Refused(event.clone())),
        _ => None,
    }
}

/// The broker had the request already: its outcome may be known.
async fn earlier(site: &Site, request: &Meta, customer: Uuid, id: Uuid) -> Result<Option<Outcome>, Problem> {
    if let Some(order) = orders::by_id(&mut *site.conn().await?, customer, id).await? {
        return Ok(Some(Outcome::Row(Box::new(order))));
    }
    let log = pending::order_log(site, id).await?;
    Ok(log.iter().find(|event| event.meta.causation == Some(request.id)).and_then(outcome_of))
}

async fn settle(site: &Site, customer: Uuid, outcome: Outcome) -> Result<Created, Problem> {
    match outcome {
        Outcome::Row(order) => repeated(*order, None),
        Outcome::Accepted(accepted) => {
            // Only the database knows whether the picture is rendered yet.
            if accepted.image_id.is_some()
                && let Some(order) = orders::by_id(&mut *site.conn().await?, customer, accepted.id).await?
            {
                return Ok(Created::Order(Box::new(order.into())));
            }
            Ok(Created::Order(accepted))
        }
        Outcome::Rejected(event) => {
            let missing = event.content.amount.saturating_sub(event.inputs.available);
            Err(rejected(event.order_id, event.code, Some(missing)))
        }
        Outcome::Refused(event) => Err(refused(event)),
    }
}

/// The answer that the order got the first time. `hash` is that of the content now sent, to be compared;
/// `None` for content that has been compared.
fn repeated(order: orders::Order, hash: Option<&str>) -> Result<Created, Problem> {
    // A picture that was not available is dropped from the row, so its content has another hash.
    if hash.is_some_and(|hash| hash != order.content_hash) {
        return Err(idempotency_mismatch(order.id));
    }
    match order.rejection {
        Some(code) => Err(rejected(order.id, code, None)),
        None => Ok(Created::Order(Box::new(order.into()))),
    }
}

/// The order is made: what was typed for it is not needed any more. What was typed since is another one's.
fn forget_draft(site: &Site, customer: Uuid, began: Timestamp) {
    let edge = std::sync::Arc::clone(&site.edge);
    tokio::spawn(async move {
        let removed = async {
            anyhow::Ok(drafts::remove_saved_until(&mut *edge.conn().await?, customer, began).await?)
        };
        if let Err(error) = removed.await {
            tracing::warn!(error = format!("{error:#}"), "the draft of a created order stays");
        }
    });
}
