//! Renders side by side, within what the machine has: cores, and bytes of memory.

mod failure;
mod stuck;

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use events::images::Stage;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    task, time,
};

use crate::render::{self, Options, RenderError, Rendered};

pub(crate) use failure::JobError;
use stuck::{Stuck, Turn};

/// What renders: [`render::render_telling`], but for tests of what breaks.
pub type Renderer =
    Arc<dyn Fn(&[u8], &str, &Options, &dyn Fn(Stage)) -> Result<Rendered, RenderError> + Send + Sync>;

/// What renders may take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Capacity {
    /// Renders at a time.
    pub(crate) cores: usize,
    /// Bytes of memory for all of them together.
    pub(crate) memory: u64,
    /// After this a render counts as stuck: far beyond what 50 megapixels take.
    pub(crate) patience: Duration,
}

/// Who renders what when.
pub(crate) struct Jobs {
    renderer: Renderer,
    capacity: Capacity,
    cores: Arc<Semaphore>,
    /// In MiB.
    memory: Arc<Semaphore>,
    stuck: Arc<Stuck>,
}

impl Jobs {
    pub(crate) fn new(renderer: Renderer, capacity: Capacity) -> Self {
        Self {
            renderer,
            capacity,
            stuck: Arc::default(),
            cores: Arc::new(Semaphore::new(capacity.cores)),
            memory: Arc::new(Semaphore::new(permits(capacity.memory / MIB) as usize)),
        }
    }

    /// Renders when there is a core and memory for it; a picture that takes more memory than there is for all
    /// is refused before it is decoded. Whatever the renderer does, it harms this picture only.
    pub(crate) async fn render(
        &self,
        bytes: Bytes,
        link: String,
        options: Options,
        tell: impl Fn(Stage) + Send + 'static,
    ) -> Result<Rendered, JobError> {
        let needed = {
            let (bytes, link) = (bytes.clone(), link.clone());
            task::spawn_blocking(move || render::memory_bound(&bytes, &link, &options)).await??
        };
        if needed > self.capacity.memory {
            return Err(JobError::TooMuchMemory { needed, budget: self.capacity.memory });
        }
        // Memory first: who waits for it holds no core.
        let memory = take(&self.memory, permits(needed.div_ceil(MIB))).await?;
        let turn = Turn::new(take(&self.cores, 1).await?, Arc::clone(&self.stuck));
        let renderer = Arc::clone(&self.renderer);
        let held = turn.clone();
        let job = task::spawn_blocking(move || {
            // Both are given back when the thread is done with it, not when somebody stops waiting.
            let _held = (memory, held.hold());
            renderer(&bytes, &link, &options, &tell)
        });
        match time::timeout(self.capacity.patience, job).await {
            Ok(rendered) => Ok(rendered??),
            Err(_) => {
                turn.overdue();
                Err(JobError::TimedOut)
            }
        }
    }

    /// Resolves when so many renders hang that only a new process helps.
    pub(crate) async fn exhausted(&self) {
        self.stuck.too_many().await;
    }
}

const MIB: u64 = 1 << 20;

/// A semaphore counts up to a bound that no machine's memory in MiB reaches.
fn permits(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX).min(u32::MAX >> 4)
}

async fn take(semaphore: &Arc<Semaphore>, count: u32) -> Result<OwnedSemaphorePermit, JobError> {
    // Nobody closes them.
    Arc::clone(semaphore).acquire_many_owned(count).await.map_err(|_| JobError::TimedOut)
}

#[cfg(test)]
mod tests;
