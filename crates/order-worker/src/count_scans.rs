use std::collections::HashSet;

use events::{
    LogEvent, Recorded,
    bus::consume::Delivery,
    orders::{OrderEvent, OrderScanned},
};
use store::{Conn, Decide, Handled, orders::scans};
use uuid::Uuid;

/// Adds up who followed the orders' short links. Decides nothing, and tells nobody.
#[derive(Debug, Clone, Copy)]
pub struct CountScans;

impl Decide for CountScans {
    async fn decide(&self, conn: &mut Conn, batch: &[&Delivery]) -> anyhow::Result<Handled> {
        let asked: HashSet<Uuid> = batch
            .iter()
            .filter_map(|delivery| read(&delivery.recorded))
            .map(|event| event.order_id)
            .collect();
        let asked: Vec<Uuid> = asked.into_iter().collect();
        let known: HashSet<Uuid> = scans::known(conn, &asked).await?.into_iter().collect();
        let mut counted = Vec::with_capacity(batch.len());
        let mut rejected = Vec::new();
        for (index, delivery) in batch.iter().enumerate() {
            match fault(&delivery.recorded, &known) {
                Some(reason) => rejected.push((index, reason)),
                None => counted.push(delivery.recorded.clone()),
            }
        }
        store::apply(conn, &counted).await?;
        Ok(Handled { facts: Vec::new(), rejected })
    }
}

/// Why the event cannot be counted. The edge says nothing of the kind, so somebody else has.
fn fault(recorded: &Recorded, known: &HashSet<Uuid>) -> Option<String> {
    let Some(event) = read(recorded) else {
        return Some(format!("{} tells of no scan", recorded.event.name()));
    };
    if event.scans.is_empty() || event.scans.len() > OrderScanned::MOST {
        return Some(format!("{} scans are not 1 to {}", event.scans.len(), OrderScanned::MOST));
    }
    (!known.contains(&event.order_id)).then(|| format!("there is no order {}", event.order_id))
}

fn read(recorded: &Recorded) -> Option<&OrderScanned> {
    match &recorded.event {
        LogEvent::Order(OrderEvent::OrderScanned(event)) => Some(event),
        _ => None,
    }
}
