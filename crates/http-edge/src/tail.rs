//! The edge's own tail of the log: one reader that decodes each event once, answers the handlers that wait
//! for it, and feeds the live pages.

mod ring;
mod waiters;

use std::{
    pin::pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use events::{
    Bus, LogEvent, Recorded,
    bus::{LogMessage, TailStart},
    orders::OrderEvent,
    users::UserEvent,
};
use process::Shutdown;
use tokio::sync::broadcast;
use uuid::Uuid;

use crate::{
    auth::CallerCache,
    scans::{Links, Pulse},
};

use ring::Ring;
pub(crate) use waiters::Waiter;
use waiters::Waiters;

/// What the edge reads: facts, and those wishes that pages show. Orders as they are asked for are the
/// bulk of the log and are shown nowhere.
const SUBJECTS: [&str; 15] = [
    "orders.*.accepted",
    "orders.*.rejected",
    "orders.*.request-refused",
    "orders.*.cancelled",
    "orders.*.cancel-refused",
    "orders.*.expired",
    "orders.*.scanned",
    "accounts.*.credited",
    "accounts.*.credit-refused",
    "accounts.*.held",
    "accounts.*.released",
    "images.>",
    "chats.>",
    "desk.>",
    "users.>",
];

/// Events kept for pages that come back after a broken connection.
const KEPT: u64 = 10_000;
/// A live page may fall this far behind before it is cut; it then comes back and resumes from the ring.
const LAG: usize = 4_096;
const REOPEN: Duration = Duration::from_millis(100);
/// How often the connection is looked at.
const CHECK: Duration = Duration::from_millis(200);

/// Who else is told of what happens.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Watching<'a> {
    pub(crate) callers: &'a CallerCache,
    pub(crate) links: &'a Links,
    pub(crate) pulse: &'a Pulse,
}

/// What a live page starts with.
#[derive(Debug)]
pub(crate) enum Resumed {
    /// What happened since, and what happens from now on.
    From(Vec<Arc<Recorded>>, broadcast::Receiver<Arc<Recorded>>),
    /// It was away for too long; the page has to be read again.
    Gap(broadcast::Receiver<Arc<Recorded>>),
}

#[derive(Debug)]
pub(crate) struct Tail {
    /// Everything up to here has been seen.
    position: AtomicU64,
    waiters: Waiters,
    ring: Mutex<Ring>,
    sender: broadcast::Sender<Arc<Recorded>>,
}

impl Tail {
    /// A tail that has the last 10,000 events of the log still to read.
    pub(crate) async fn at_end_of(bus: &Bus) -> Result<Self, events::bus::TailError> {
        Ok(Self::after(bus.last_sequence().await?.saturating_sub(KEPT)))
    }

    fn after(position: u64) -> Self {
        Self {
            position: AtomicU64::new(position),
            waiters: Waiters::default(),
            ring: Mutex::new(Ring::after(position)),
            sender: broadcast::Sender::new(LAG),
        }
    }

    /// The sequence of the event seen last. Facts are published after their commit, so the database has
    /// every fact of orders, money and pictures up to here.
    pub(crate) fn position(&self) -> u64 {
        self.position.load(Ordering::Acquire)
    }

    /// Waits for an event that follows from the request `id`, or is about the picture `id`. Call it
    /// before publishing.
    pub(crate) fn waiter(&self, id: Uuid) -> Waiter<'_> {
        self.waiters.add(id)
    }

    /// A live page: everything after the sequence `after`, without gap or repetition.
    pub(crate) fn resume(&self, after: u64) -> Resumed {
        let ring = self.ring.lock().unwrap_or_else(PoisonError::into_inner);
        // Under the lock nothing is sent, so the receiver begins exactly where the ring ends.
        let receiver = self.sender.subscribe();
        match ring.after_sequence(after) {
            Some(events) => Resumed::From(events, receiver),
            None => Resumed::Gap(receiver),
        }
    }

    /// Whether the ring holds an event after `after` that is looked for.
    pub(crate) fn any_after(&self, after: u64, is: impl Fn(&Recorded) -> bool) -> bool {
        self.ring
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .newest()
            .any(|(sequence, event)| sequence > after && is(event))
    }

    /// Those events after `after` and up to `until` that are looked for, as far as the ring has them.
    pub(crate) fn between(
        &self,
        after: u64,
        until: u64,
        is: impl Fn(&Recorded) -> bool,
    ) -> Vec<Arc<Recorded>> {
        if after >= until {
            return Vec::new();
        }
        let ring = self.ring.lock().unwrap_or_else(PoisonError::into_inner);
        ring.between(after, until).filter(|event| is(event)).cloned().collect()
    }

    /// Reads until shutdown. Whatever happens to the connection, it goes on where it stood.
    pub(crate) async fn follow(&self, bus: &Bus, watching: Watching<'_>, shutdown: Shutdown) {
        while !shutdown.is_cancelled() {
            tokio::select! {
                () = shutdown.cancelled() => break,
                () = self.read(bus, watching) => {}
            }
            tokio::time::sleep(REOPEN).await;
        }
        self.waiters.clear();
    }

    async fn read(&self, bus: &Bus, watching: Watching<'_>) {
        match bus.last_sequence().await {
            Ok(last) => self.not_beyond(last),
            Err(error) => {
                tracing::warn!(error = %error, "the log cannot be opened; trying again");
                return;
            }
        }
        let start = TailStart::Sequence(self.position() + 1);
        let mut tail = match bus.tail(&SUBJECTS, start).await {
            Ok(tail) => tail,
            Err(error) => {
                tracing::warn!(error = %error, "the log cannot be opened; trying again");
                return;
            }
        };
        let mut reconnected = pin!(reconnected(bus));
        loop {
            let message = tokio::select! {
                // The library would notice only by a missed heartbeat, after half a minute.
                () = &mut reconnected => return,
                message = tail.next() => message,
            };
            match message {
                Some(Ok(message)) => self.take(&message, watching),
                Some(Err(error)) => {
                    tracing::warn!(error = %error, "the log cannot be read on; opening it again");
                    return;
                }
                None => return,
            }
        }
    }

    /// A broker that lost power may have lost the end of the log; its sequences are given anew.
    fn not_beyond(&self, last: u64) {
        if self.position() > last {
            tracing::error!(position = self.position(), last, "the log has lost its end; reading it anew");
            *self.ring.lock().unwrap_or_else(PoisonError::into_inner) = Ring::after(last);
            self.position.store(last, Ordering::Release);
        }
    }

    fn take(&self, message: &LogMessage, watching: Watching<'_>) {
        match message.decode() {
            // Ten thousand a second would push everything else out of the ring: pages hear of them in sums.
            Ok(Recorded { event: LogEvent::Order(OrderEvent::OrderScanned(event)), .. }) => {
                self.position.fetch_max(message.sequence, Ordering::Release);
                watching.pulse.hear(message.sequence, &event);
            }
            Ok(recorded) => {
                if let (LogEvent::Order(_), Ok(order)) = (&recorded.event, recorded.meta.entity.parse()) {
                    watching.links.forget(order);
                }
                self.pass_on(message.sequence, &Arc::new(recorded), message.body.len(), watching.callers);
            }
            Err(error) => {
                tracing::warn!(sequence = message.sequence, %error, "an event of the log is not understood");
                self.position.fetch_max(message.sequence, Ordering::Release);
            }
        }
    }

    fn pass_on(&self, sequence: u64, recorded: &Arc<Recorded>, size: usize, callers: &CallerCache) {
        if let LogEvent::User(
            UserEvent::UserSignedOut(_)
            | UserEvent::RoleGranted(_)
            | UserEvent::UserDisabled(_)
            | UserEvent::UserEnabled(_)
            | UserEvent::UserPasswordChanged(_),
        ) = &recorded.event
            && let Ok(user) = recorded.meta.entity.parse()
        {
            callers.forget_user(user);
        }
        let mut ring = self.ring.lock().unwrap_or_else(PoisonError::into_inner);
        ring.push(sequence, Arc::clone(recorded), size);
        self.position.fetch_max(sequence, Ordering::Release);
        // Nobody listens: nothing to do.
        let _ = self.sender.send(Arc::clone(recorded));
        drop(ring);
        self.waiters.resolve(recorded);
    }
}

/// Resolves when the connection to the broker is another one than now.
async fn reconnected(bus: &Bus) {
    let connection = || {
        let info = bus.core().server_info();
        (info.server_id, info.client_id)
    };
    let before = connection();
    loop {
        tokio::time::sleep(CHECK).await;
        if bus.is_connected() && connection() != before {
            return;
        }
    }
}

#[cfg(test)]
mod tests;
