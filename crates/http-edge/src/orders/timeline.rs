use axum::{
    Json,
    extract::{Path, State},
};
use events::{
    LogEvent, Recorded,
    images::ImageEvent,
    orders::{OrderEvent, OrderStatus},
};
use jiff::Timestamp;
use serde::Serialize;
use store::orders::{self, Order};
use utoipa::ToSchema;
use uuid::Uuid;

use super::pending;
use crate::{
    auth::Customer,
    edge::Site,
    images::failure_words,
    pages::{TimelineEvent, TimelineKind},
    problem::{Problem, ProblemBody},
    texts::Lang,
    wire,
};

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EventsBody {
    /// Oldest first.
    events: Vec<EventBody>,
}

/// An event of the log, about an order or its picture.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EventBody {
    id: Uuid,
    /// Its place in the log.
    sequence: u64,
    /// The CloudEvents type, `vestnik.order.accepted.v1`.
    r#type: String,
    #[schema(value_type = String, format = DateTime)]
    time: Timestamp,
    /// Who acted.
    actor: String,
    /// The event's body, as its JSON Schema has it.
    data: serde_json::Value,
}

/// An order's timeline, without its scans
#[utoipa::path(
    get, path = "/api/orders/{id}/events", tag = "orders", params(("id" = Uuid, Path)),
    responses(
        (status = 200, description = "What the log says about the order and its picture", body = EventsBody),
        (status = 401, description = "unauthorized", body = ProblemBody),
        (status = 404, description = "not_found, also for another's order", body = ProblemBody),
    )
)]
pub(crate) async fn list_order_events(
    State(site): State<Site>,
    Customer(caller): Customer,
    Path(id): Path<Uuid>,
) -> Result<Json<EventsBody>, Problem> {
    let order = orders::by_id(&mut *site.conn().await?, caller.id(), id).await?;
    let events = match order {
        Some(order) => read(&site, &order).await?,
        None if pending::pending(&site, caller.id(), id).await?.is_some() => {
            pending::order_log(&site, id).await?
        }
        None => return Err(Problem::not_found()),
    };
    Ok(Json(EventsBody { events: events.into_iter().map(EventBody::from).collect() }))
}

/// What the log has about an order that exists, and about its picture, oldest first.
pub(crate) async fn read(site: &Site, order: &Order) -> Result<Vec<Recorded>, Problem> {
    let mut subjects = pending::subjects(order.id);
    subjects.extend(order.content.image_id.map(|image| format!("images.{image}.>")));
    pending::read(site, &subjects).await
}

/// An event as the page's sentence.
pub(crate) fn sentence(lang: Lang, recorded: Recorded) -> TimelineEvent {
    let kind = kind(lang, &recorded.event);
    let body = EventBody::from(recorded);
    TimelineEvent {
        id: body.id.to_string(),
        at: body.time,
        kind,
        event_type: body.r#type.clone(),
        json: serde_json::to_string_pretty(&body).unwrap_or_default(),
    }
}

fn kind(lang: Lang, event: &LogEvent) -> TimelineKind {
    match event {
        LogEvent::Order(event) => match event {
            OrderEvent::OrderRequested(_) => TimelineKind::Requested,
            OrderEvent::OrderAccepted(event) => TimelineKind::Accepted { held: event.content.amount },
            OrderEvent::OrderRejected(event) => {
                TimelineKind::Rejected { reason: wire::Rejection::from(event.code).code.to_owned() }
            }
            OrderEvent::OrderCancelRequested(_) => TimelineKind::CancelRequested,
            OrderEvent::OrderCancelled(event) => TimelineKind::Cancelled { released: event.amount },
            OrderEvent::OrderCancelRefused(event) => {
                TimelineKind::CancelRefused { reason: refusal(event.status).to_owned() }
            }
            OrderEvent::OrderExpired(event) => TimelineKind::Expired { released: event.amount },
            OrderEvent::OrderRequestRefused(_) | OrderEvent::OrderScanned(_) => TimelineKind::Other,
        },
        LogEvent::Image(event) => match event {
            ImageEvent::ImageUploaded(_) => TimelineKind::ImageUploaded,
            ImageEvent::ImageRendered(_) => TimelineKind::ImageRendered,
            ImageEvent::ImageFailed(event) => {
                let reason = failure_words(lang, &event.code, &event.message);
                TimelineKind::ImageFailed { reason }
            }
        },
        LogEvent::Account(_)
        | LogEvent::Chat(_)
        | LogEvent::User(_)
        | LogEvent::Letter(_)
        | LogEvent::Desk(_) => TimelineKind::Other,
    }
}

/// A code that the pages have words for.
fn refusal(status: Option<OrderStatus>) -> &'static str {
    match status {
        Some(status @ (OrderStatus::Cancelled | OrderStatus::Expired | OrderStatus::Rejected)) => {
            status.name()
        }
        _ => "not_open",
    }
}

impl From<Recorded> for EventBody {
    fn from(recorded: Recorded) -> Self {
        Self {
            id: recorded.meta.id,
            sequence: recorded.position.unwrap_or_default(),
            data: body(&recorded.event).unwrap_or_default(),
            r#type: recorded.meta.ce_type,
            time: recorded.meta.time,
            actor: recorded.meta.auth,
        }
    }
}

fn body(event: &LogEvent) -> serde_json::Result<serde_json::Value> {
    match event {
        LogEvent::Order(event) => match event {
            OrderEvent::OrderRequested(event) => serde_json::to_value(event),
            OrderEvent::OrderAccepted(event) => serde_json::to_value(event),
            OrderEvent::OrderRejected(event) => serde_json::to_value(event),
            OrderEvent::OrderRequestRefused(event) => serde_json::to_value(event),
            OrderEvent::OrderCancelRequested(event) => serde_json::to_value(event),
            OrderEvent::OrderCancelled(event) => serde_json::to_value(event),
            OrderEvent::OrderCancelRefused(event) => serde_json::to_value(event),
            OrderEvent::OrderExpired(event) => serde_json::to_value(event),
            OrderEvent::OrderScanned(event) => serde_json::to_value(event),
        },
        LogEvent::Image(event) => match event {
            ImageEvent::ImageUploaded(event) => serde_json::to_value(event),
            ImageEvent::ImageRendered(event) => serde_json::to_value(event),
            ImageEvent::ImageFailed(event) => serde_json::to_value(event),
        },
        LogEvent::Account(_)
        | LogEvent::Chat(_)
        | LogEvent::User(_)
        | LogEvent::Letter(_)
        | LogEvent::Desk(_) => Ok(serde_json::Value::Null),
    }
}
