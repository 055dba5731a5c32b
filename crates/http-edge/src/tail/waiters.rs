use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use events::{LogEvent, Recorded};
use tokio::{sync::mpsc, time::Instant};
use uuid::Uuid;

/// Handlers that wait for an outcome, by what it will refer to.
#[derive(Debug, Default)]
pub(super) struct Waiters {
    waiting: Mutex<HashMap<Uuid, Vec<mpsc::UnboundedSender<Arc<Recorded>>>>>,
}

/// Hears of every event that refers to its id, from its creation on.
#[derive(Debug)]
pub(crate) struct Waiter<'w> {
    waiters: &'w Waiters,
    id: Uuid,
    events: mpsc::UnboundedReceiver<Arc<Recorded>>,
}

impl Waiters {
    pub(super) fn add(&self, id: Uuid) -> Waiter<'_> {
        let (sender, events) = mpsc::unbounded_channel();
        self.lock().entry(id).or_default().push(sender);
        Waiter { waiters: self, id, events }
    }

    pub(super) fn resolve(&self, recorded: &Arc<Recorded>) {
        let image = match &recorded.event {
            LogEvent::Image(_) => recorded.meta.entity.parse().ok(),
            _ => None,
        };
        let waiting = self.lock();
        for id in [recorded.meta.causation, image].into_iter().flatten() {
            for waiter in waiting.get(&id).into_iter().flatten() {
                // The handler has gone: it removes its entry itself.
                let _ = waiter.send(Arc::clone(recorded));
            }
        }
    }

    /// Lets everybody go, at shutdown.
    pub(super) fn clear(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Uuid, Vec<mpsc::UnboundedSender<Arc<Recorded>>>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiter<'_> {
    /// The first event that `pick` makes something of; `None` when the time is up or the edge stops.
    pub(crate) async fn wait<T>(
        &mut self,
        patience: Duration,
        mut pick: impl FnMut(&Recorded) -> Option<T>,
    ) -> Option<T> {
        let deadline = Instant::now() + patience;
        loop {
            let event = tokio::time::timeout_at(deadline, self.events.recv()).await.ok()??;
            if let Some(picked) = pick(&event) {
                return Some(picked);
            }
        }
    }
}

impl Drop for Waiter<'_> {
    fn drop(&mut self) {
        self.events.close();
        let mut waiting = self.waiters.lock();
        if let Some(senders) = waiting.get_mut(&self.id) {
            senders.retain(|sender| !sender.is_closed());
            if senders.is_empty() {
                waiting.remove(&self.id);
            }
        }
    }
}
