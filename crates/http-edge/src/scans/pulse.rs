use std::{
    collections::HashMap,
    mem,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use events::{Bus, orders::OrderScanned, subjects};
use process::Shutdown;
use tokio::{
    sync::broadcast,
    time::{Instant, MissedTickBehavior},
};
use uuid::Uuid;

/// Orders that were scanned, with their customers.
pub(crate) type Heard = Arc<HashMap<Uuid, Uuid>>;

/// Tells live pages once a second which orders were scanned. A flood of scans would push everything else out of
/// what the tail keeps for pages, and no page wants more than the newest number.
#[derive(Debug)]
pub(crate) struct Pulse {
    heard: Mutex<(HashMap<Uuid, Uuid>, u64)>,
    sender: broadcast::Sender<Heard>,
}

const PERIOD: Duration = Duration::from_secs(1);
/// Seconds that a page may sleep through.
const LAG: usize = 16;
/// How long counting is waited for, so that pages find what they are told of.
const PATIENCE: Duration = Duration::from_secs(10);
const LOOK: Duration = Duration::from_millis(50);

impl Default for Pulse {
    fn default() -> Self {
        Self { heard: Mutex::default(), sender: broadcast::Sender::new(LAG) }
    }
}

impl Pulse {
    /// From the tail.
    pub(crate) fn hear(&self, sequence: u64, event: &OrderScanned) {
        if self.sender.receiver_count() == 0 {
            return;
        }
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        heard.0.insert(event.order_id, event.customer_id);
        heard.1 = heard.1.max(sequence);
    }

    pub(crate) fn subscribe(&self) -> broadcast::Receiver<Heard> {
        self.sender.subscribe()
    }

    /// Passes on until shutdown.
    pub(crate) async fn run(&self, bus: &Bus, shutdown: Shutdown) {
        let work = async {
            let mut tick = tokio::time::interval(PERIOD);
            tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                tick.tick().await;
                let (orders, last) =
                    mem::take(&mut *self.heard.lock().unwrap_or_else(PoisonError::into_inner));
                if !orders.is_empty() {
                    counted(bus, last).await;
                    // Nobody listens: nothing to do.
                    let _ = self.sender.send(Arc::new(orders));
                }
            }
        };
        tokio::select! {
            () = shutdown.cancelled() => {}
            () = work => {}
        }
    }
}

/// Waits until the database has everything up to here. When it takes too long, pages show a number that is too
/// small until the next scan.
async fn counted(bus: &Bus, sequence: u64) {
    let deadline = Instant::now() + PATIENCE;
    while Instant::now() < deadline {
        let handled = bus.handled_up_to(subjects::ORDER_WORKER_SCANS.name).await;
        if handled.is_ok_and(|handled| handled >= sequence) {
            return;
        }
        tokio::time::sleep(LOOK).await;
    }
}
