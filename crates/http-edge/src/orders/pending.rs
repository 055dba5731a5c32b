use std::time::Duration;

use async_nats::jetstream::stream::LastRawMessageErrorKind;
use events::{LogEvent, Recorded, bus::TailStart, orders::OrderEvent, subjects};
use uuid::Uuid;

use crate::{edge::Site, problem::Problem, wire};

/// More events than one order ever has.
const MOST: usize = 1_000;
const PATIENCE: Duration = Duration::from_secs(5);

/// An order of the customer's that has been asked for, but not decided. `None` when nobody asked, when
/// somebody else did, or when the request was refused.
pub(super) async fn pending(site: &Site, customer: Uuid, id: Uuid) -> Result<Option<wire::Order>, Problem> {
    let log = order_log(site, id).await?;
    let refused =
        log.iter().any(|event| matches!(event.event, LogEvent::Order(OrderEvent::OrderRequestRefused(_))));
    Ok(log.into_iter().filter(|_| !refused).find_map(|recorded| match recorded.event {
        LogEvent::Order(OrderEvent::OrderRequested(event)) if event.customer_id == customer => {
            Some(wire::Order::pending(event, &recorded.meta))
        }
        _ => None,
    }))
}

/// Everything the log has about an order.
pub(super) async fn order_log(site: &Site, id: Uuid) -> Result<Vec<Recorded>, Problem> {
    // Reading waits for a first event, so it must be sure that there is one.
    let stream = site.bus.jetstream().get_stream_no_info(subjects::EVENTS).await?;
    match stream.get_last_raw_message_by_subject(&format!("orders.{id}.*")).await {
        Ok(_) => {}
        Err(error) if error.kind() == LastRawMessageErrorKind::NoMessageFound => return Ok(Vec::new()),
        Err(error) => return Err(error.into()),
    }
    read(site, &[&format!("orders.{id}.>")]).await
}

/// Reads what the log has on these subjects now; at least one event must be there.
pub(super) async fn read(site: &Site, subjects: &[&str]) -> Result<Vec<Recorded>, Problem> {
    let mut tail = site.bus.tail(subjects, TailStart::Beginning).await?;
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
