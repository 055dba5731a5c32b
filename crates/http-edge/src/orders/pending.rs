use std::{collections::HashSet, time::Duration};

use async_nats::{
    header::NATS_MESSAGE_ID,
    jetstream::stream::{DirectGetErrorKind, LastRawMessageErrorKind},
};
use events::{
    Event as _, LogEvent, Meta, Recorded,
    bus::TailStart,
    orders::{OrderEvent, OrderRequestRefused, OrderRequested, OrderScanned},
    subjects,
};
use uuid::Uuid;

use crate::{edge::Site, problem::Problem, wire};

/// More events than one order ever has, but for its scans.
const MOST: usize = 1_000;
const PATIENCE: Duration = Duration::from_secs(5);

/// What the log says of an order that the database does not have.
#[derive(Debug)]
pub(super) enum Undecided {
    /// It has been asked for; the worker has not said yet.
    Pending(Box<OrderRequested>, Box<Meta>),
    /// It has been asked for, and leaves no order.
    Refused(OrderRequestRefused),
}

/// A wish of the customer's that has led to no order yet. `None` when nobody wished, or somebody else.
pub(super) async fn undecided(site: &Site, customer: Uuid, id: Uuid) -> Result<Option<Undecided>, Problem> {
    let log = order_log(site, id).await?;
    let refusals = log.iter().filter(|recorded| is_refusal(&recorded.event));
    let answered: HashSet<Uuid> = refusals.filter_map(|recorded| recorded.meta.causation).collect();
    let mut found = None;
    for recorded in log {
        match recorded.event {
            // A wish may be in the log twice; what was answered once is not answered again.
            LogEvent::Order(OrderEvent::OrderRequested(event))
                if event.customer_id == customer && !answered.contains(&recorded.meta.id) =>
            {
                found = Some(Undecided::Pending(Box::new(event), Box::new(recorded.meta)));
            }
            LogEvent::Order(OrderEvent::OrderRequestRefused(event)) if event.customer_id == customer => {
                found = Some(Undecided::Refused(event));
            }
            _ => {}
        }
    }
    Ok(found)
}

const fn is_refusal(event: &LogEvent) -> bool {
    matches!(event, LogEvent::Order(OrderEvent::OrderRequestRefused(_)))
}

/// The event id of the last refusal of a wish for this order.
pub(super) async fn last_refusal(site: &Site, id: Uuid) -> Result<Option<String>, Problem> {
    let stream = site.bus.jetstream().get_stream_no_info(subjects::EVENTS).await?;
    match stream.direct_get_last_for_subject(of(id, OrderRequestRefused::SUBJECT)).await {
        Ok(message) => Ok(message.headers.get(NATS_MESSAGE_ID).map(ToString::to_string)),
        Err(error) if error.kind() == DirectGetErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// An order of the customer's that has been asked for, but not decided.
pub(super) async fn pending(site: &Site, customer: Uuid, id: Uuid) -> Result<Option<wire::Order>, Problem> {
    Ok(match undecided(site, customer, id).await? {
        Some(Undecided::Pending(event, meta)) => Some(wire::Order::pending(*event, &meta)),
        Some(Undecided::Refused(_)) | None => None,
    })
}

/// What the log has about an order, but for its scans: those may be thousands.
pub(super) async fn order_log(site: &Site, id: Uuid) -> Result<Vec<Recorded>, Problem> {
    // Reading waits for a first event, so it must be sure that there is one.
    let stream = site.bus.jetstream().get_stream_no_info(subjects::EVENTS).await?;
    match stream.get_last_raw_message_by_subject(&of(id, OrderRequested::SUBJECT)).await {
        Ok(_) => {}
        Err(error) if error.kind() == LastRawMessageErrorKind::NoMessageFound => return Ok(Vec::new()),
        Err(error) => return Err(error.into()),
    }
    read(site, &subjects(id)).await
}

/// The subjects of an order's events, without its scans.
pub(super) fn subjects(id: Uuid) -> Vec<String> {
    let subjects = OrderEvent::infos().into_iter().map(|info| info.subject);
    subjects.filter(|subject| *subject != OrderScanned::SUBJECT).map(|subject| of(id, subject)).collect()
}

fn of(id: Uuid, subject: &str) -> String {
    subject.replacen('*', &id.to_string(), 1)
}

/// Reads what the log has on these subjects now; at least one event must be there.
pub(super) async fn read(site: &Site, subjects: &[String]) -> Result<Vec<Recorded>, Problem> {
    let subjects: Vec<&str> = subjects.iter().map(String::as_str).collect();
    let mut tail = site.bus.tail(&subjects, TailStart::Beginning).await?;
    let mut events = Vec::new();
    let reading = async {
        while let Some(message) = tail.next().await {
            let message = message?;
            let last = message.pending == 0;
            // What cannot be decoded is not the reader's to know.
            events.extend(message.decode().ok());
            if last || events.len() >= MOST {
                break;
            }
        }
        Ok::<(), Problem>(())
    };
    tokio::time::timeout(PATIENCE, reading).await??;
    Ok(events)
}
