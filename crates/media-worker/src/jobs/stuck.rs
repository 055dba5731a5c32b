//! Renders that hang.
//!
//! A thread cannot be stopped from outside. One that is overdue keeps its memory, but its core is given to the
//! next picture, so that the others go on beside it. That is done a few times; when still more hang, the
//! worker ends with an error and begins again in a new process, where none does: what hung has failed for
//! good and does not come again.

use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicUsize, Ordering},
};

use tokio::sync::{Notify, OwnedSemaphorePermit};

/// Threads that may hang at a time.
pub(super) const MOST: usize = 4;

#[derive(Debug, Default)]
pub(super) struct Stuck {
    count: AtomicUsize,
    too_many: Notify,
}

impl Stuck {
    pub(super) async fn too_many(&self) {
        while self.count.load(Ordering::SeqCst) <= MOST {
            self.too_many.notified().await;
        }
    }

    fn changed(&self, count: usize) {
        metrics::gauge!("vestnik_renders_stuck").set(count as f64);
        if count > MOST {
            self.too_many.notify_one();
        }
    }
}

/// A core, for one render.
#[derive(Debug, Clone)]
pub(super) struct Turn {
    state: Arc<Mutex<State>>,
    stuck: Arc<Stuck>,
}

#[derive(Debug)]
enum State {
    Running(OwnedSemaphorePermit),
    /// Its core was given to another one.
    Overdue,
    Ended,
}

impl Turn {
    pub(super) fn new(core: OwnedSemaphorePermit, stuck: Arc<Stuck>) -> Self {
        Self { state: Arc::new(Mutex::new(State::Running(core))), stuck }
    }

    /// Ends the turn when it is dropped, in whatever way the render ends.
    pub(super) fn hold(self) -> impl Drop {
        Held(self)
    }

    /// Nobody waits for it any more.
    pub(super) fn overdue(&self) {
        let mut state = self.state();
        if let State::Running(core) = std::mem::replace(&mut *state, State::Overdue) {
            let count = self.stuck.count.fetch_add(1, Ordering::SeqCst) + 1;
            tracing::error!(stuck = count, "a render hangs; the others go on without its core");
            // The next picture has it, beside the one that hangs.
            drop(core);
            self.stuck.changed(count);
        } else {
            *state = State::Ended;
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Held(Turn);

impl Drop for Held {
    fn drop(&mut self) {
        let before = std::mem::replace(&mut *self.0.state(), State::Ended);
        if matches!(before, State::Overdue) {
            let stuck = &self.0.stuck;
            stuck.changed(stuck.count.fetch_sub(1, Ordering::SeqCst) - 1);
        }
    }
}
