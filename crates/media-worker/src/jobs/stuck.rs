//! Renders that hang.
//!
//! A thread cannot be stopped from outside. One that is overdue keeps its memory, but its core is given to the
//! next picture, so that the others go on beside it. That is done a few times; when still more hang, or when what
//! they hold leaves too little for a picture that waits, the worker ends with an error and begins again in a new
//! process, where none does: what hung has failed for good and does not come again.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, watch};

/// Threads that may hang at a time.
pub(super) const MOST: usize = 4;

#[derive(Debug, Default)]
pub(super) struct Stuck(watch::Sender<Hanging>);

/// What hangs now.
#[derive(Debug, Default, Clone, Copy)]
struct Hanging {
    threads: usize,
    /// MiB that they hold together.
    memory: u32,
    /// A picture waits for memory that they hold.
    starving: bool,
}

impl Stuck {
    pub(super) async fn too_many(&self) {
        self.until(|hanging| hanging.threads > MOST || hanging.starving).await;
    }

    /// Resolves when what hangs leaves less than `needed` of `budget`, all in MiB.
    pub(super) async fn leaves_less_than(&self, needed: u32, budget: u32) {
        self.until(|hanging| hanging.memory > budget.saturating_sub(needed)).await;
    }

    pub(super) fn starves(&self, needed: u32) {
        tracing::error!(needed, "renders that hang hold the memory that a picture waits for");
        self.0.send_modify(|hanging| hanging.starving = true);
    }

    async fn until(&self, holds: impl FnMut(&Hanging) -> bool) {
        // The sender is borrowed here, so it is not gone.
        let _ = self.0.subscribe().wait_for(holds).await;
    }

    fn change(&self, change: impl FnOnce(&mut Hanging)) {
        self.0.send_modify(|hanging| {
            change(hanging);
            metrics::gauge!("vestnik_renders_stuck").set(hanging.threads as f64);
        });
    }
}

/// A core, for one render.
#[derive(Debug, Clone)]
pub(super) struct Turn {
    state: Arc<Mutex<State>>,
    /// MiB that the render holds.
    memory: u32,
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
    pub(super) fn new(core: OwnedSemaphorePermit, memory: u32, stuck: Arc<Stuck>) -> Self {
        Self { state: Arc::new(Mutex::new(State::Running(core))), memory, stuck }
    }

    /// Ends the turn when it is dropped, in whatever way the render ends.
    pub(super) fn hold(self) -> impl Drop {
        Held(self)
    }

    /// Nobody waits for it any more.
    pub(super) fn overdue(&self) {
        let mut state = self.state();
        if let State::Running(core) = std::mem::replace(&mut *state, State::Overdue) {
            tracing::error!(memory = self.memory, "a render hangs; the others go on without its core");
            // The next picture has it, beside the one that hangs.
            drop(core);
            self.stuck.change(|hanging| {
                hanging.threads += 1;
                hanging.memory += self.memory;
            });
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
        let Turn { memory, stuck, .. } = &self.0;
        if matches!(std::mem::replace(&mut *self.0.state(), State::Ended), State::Overdue) {
            stuck.change(|hanging| {
                hanging.threads -= 1;
                hanging.memory -= memory;
            });
        }
    }
}
