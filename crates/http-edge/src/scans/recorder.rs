use std::{
    collections::HashMap,
    mem,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use events::{
    Bus, Outgoing, Service,
    bus::PublishError,
    orders::{OrderScanned, Scan},
};
use process::Shutdown;
use tokio::sync::{self, Notify};
use uuid::Uuid;

/// Scans on their way into the log. To note one never waits and never fails: a phone is sent on whether or not
/// it is counted. What a crash takes is the last quarter of a second.
#[derive(Debug, Default)]
pub(crate) struct Recorder {
    waiting: Mutex<Waiting>,
    /// Made into events, and not known to be in the log: repeated under the same ids until they are.
    unsent: sync::Mutex<Vec<Outgoing>>,
    enough: Notify,
}

#[derive(Debug, Default)]
struct Waiting {
    /// By order and customer.
    scans: HashMap<(Uuid, Uuid), Vec<Scan>>,
    count: usize,
    lost: u64,
    warned: Option<Instant>,
}

/// Between two looks. Everything that one order got meanwhile is one event.
const PERIOD: Duration = Duration::from_millis(250);
/// So many are not waited for any longer.
const ENOUGH: usize = 5_000;
/// Kept while the broker is away, at about 100 bytes each; more are lost. As many again may be unsent.
const MOST: usize = 100_000;
const WARN_EVERY: Duration = Duration::from_secs(1);
const RETRY: Duration = Duration::from_millis(250);
/// How long shutdown waits for the broker.
const PATIENCE: Duration = Duration::from_secs(1);

impl Recorder {
    pub(super) fn note(&self, order: Uuid, customer: Uuid, scan: Scan) {
        let mut waiting = self.lock();
        if waiting.count >= MOST {
            waiting.lose();
            return;
        }
        waiting.scans.entry((order, customer)).or_default().push(scan);
        waiting.count += 1;
        if waiting.count == ENOUGH {
            self.enough.notify_one();
        }
    }

    /// Publishes until shutdown; the rest is [`flush`](Self::flush)ed when no request is left.
    pub(crate) async fn record(&self, bus: &Bus, shutdown: Shutdown) {
        let work = async {
            loop {
                let _ = tokio::time::timeout(PERIOD, self.enough.notified()).await;
                if let Err(error) = self.publish(bus).await {
                    tracing::warn!(%error, "scans are not in the log yet; trying again");
                    tokio::time::sleep(RETRY).await;
                }
            }
        };
        tokio::select! {
            () = shutdown.cancelled() => {}
            () = work => {}
        }
    }

    /// Publishes what is left, for at most a second.
    pub(crate) async fn flush(&self, bus: &Bus) {
        let all = async {
            // The first round may repeat what shutdown has interrupted.
            self.publish(bus).await?;
            self.publish(bus).await
        };
        if !matches!(tokio::time::timeout(PATIENCE, all).await, Ok(Ok(()))) {
            let scans = self.lock().count;
            tracing::warn!(scans, "the broker did not take the last scans in time");
        }
    }

    async fn publish(&self, bus: &Bus) -> Result<(), PublishError> {
        let mut unsent = self.unsent.lock().await;
        if unsent.is_empty() {
            *unsent = self.take();
        }
        if !unsent.is_empty() {
            bus.publish_all(&unsent).await?;
            unsent.clear();
        }
        Ok(())
    }

    /// What is waiting, as events.
    fn take(&self) -> Vec<Outgoing> {
        let scans = {
            let mut waiting = self.lock();
            waiting.count = 0;
            mem::take(&mut waiting.scans)
        };
        let mut events = Vec::with_capacity(scans.len());
        for ((order_id, customer_id), scans) in scans {
            for some in scans.chunks(OrderScanned::MOST) {
                let event = OrderScanned { order_id, customer_id, scans: some.to_vec() };
                events.push(Outgoing::request(Service::HttpEdge, Service::HttpEdge.name(), event));
            }
        }
        events
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    fn lose(&mut self) {
        metrics::counter!("vestnik_scans_lost_total").increment(1);
        self.lost += 1;
        if self.warned.is_none_or(|warned| warned.elapsed() >= WARN_EVERY) {
            tracing::warn!(
                scans = self.lost,
                "too many scans are waiting for the broker; these are not counted"
            );
            self.warned = Some(Instant::now());
            self.lost = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use events::{
        LogEvent,
        orders::{Device, OrderEvent},
    };
    use jiff::Timestamp;

    use super::*;

    const ORDER: Uuid = Uuid::from_u128(7);

    fn noted(number: usize) -> Recorder {
        let recorder = Recorder::default();
        let scan = Scan { at: Timestamp::UNIX_EPOCH, device: Device::Phone, referrer: None };
        for _ in 0..number {
            recorder.note(ORDER, Uuid::from_u128(1), scan.clone());
        }
        recorder
    }

    #[test]
    fn the_scans_of_an_order_are_few_events() {
        let events = noted(OrderScanned::MOST * 2 + 1).take();
        let sizes: Vec<usize> = events
            .iter()
            .map(|event| match event.recorded().unwrap().event {
                LogEvent::Order(OrderEvent::OrderScanned(event)) => event.scans.len(),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(sizes, [OrderScanned::MOST, OrderScanned::MOST, 1]);
    }

    #[test]
    fn while_nobody_takes_them_their_number_is_bounded() {
        let recorder = noted(MOST + 10);
        assert_eq!(recorder.lock().count, MOST);
        let taken = recorder.take();
        assert_eq!(taken.len(), MOST / OrderScanned::MOST);
        assert_eq!(recorder.lock().count, 0);
        assert!(recorder.take().is_empty());
    }
}
