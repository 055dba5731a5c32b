//! Renders side by side, within what the machine has: cores, and bytes of memory.

mod failure;
mod stuck;

use std::{pin::pin, sync::Arc, time::Duration};

use bytes::Bytes;
use events::{bus::retry::Backoff, images::Stage};
use futures::future::{Either, select};
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
    patience: Duration,
    cores: Arc<Semaphore>,
    all_cores: u32,
    /// In MiB, as is `budget`, of which all of it are made.
    memory: Arc<Semaphore>,
    budget: u32,
    stuck: Arc<Stuck>,
}

/// What else is rendered at the same time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Company {
    Any,
    /// The picture may end the process, which must harm no other.
    None,
}

/// Of those that are to be rendered alone and come back together after the process has ended: so that it is not the same
/// one that is first each time.
const JITTER: Backoff = Backoff { first: Duration::from_secs(1), most: Duration::from_secs(1) };

/// Memory for one picture, from before it is decoded until its results are stored.
#[derive(Debug)]
pub(crate) struct Room(OwnedSemaphorePermit);

impl Room {
    fn mib(&self) -> u32 {
        u32::try_from(self.0.num_permits()).unwrap_or(u32::MAX)
    }

    /// Gives back all but what this many bytes take.
    fn shrink(&mut self, bytes: u64) {
        let surplus = self.mib().saturating_sub(mib(bytes));
        drop(self.0.split(surplus as usize));
    }
}

/// A render that has ended, and the memory that its results take for as long as they are there.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) rendered: Result<Rendered, RenderError>,
    pub(crate) room: Room,
}

impl Jobs {
    pub(crate) fn new(renderer: Renderer, capacity: Capacity) -> Self {
        let budget = permits(capacity.memory / MIB);
        Self {
            renderer,
            patience: capacity.patience,
            stuck: Arc::default(),
            cores: Arc::new(Semaphore::new(capacity.cores)),
            all_cores: permits(capacity.cores as u64),
            memory: Arc::new(Semaphore::new(budget as usize)),
            budget,
        }
    }

    /// MiB that rendering the picture takes, its file included. One that takes more than there is for all is
    /// refused before it is decoded.
    pub(crate) async fn weigh(&self, bytes: &Bytes, link: &str, options: Options) -> Result<u32, JobError> {
        let (bytes, link) = (bytes.clone(), link.to_owned());
        let size = bytes.len() as u64;
        let bound = task::spawn_blocking(move || render::memory_bound(&bytes, &link, &options)).await??;
        let needed = mib(bound.saturating_add(size));
        if needed > self.budget {
            return Err(JobError::TooMuchMemory { needed, budget: self.budget });
        }
        Ok(needed)
    }

    /// Room for this many MiB, if there is some now and nobody waits for it.
    pub(crate) fn room_now(&self, needed: u32) -> Option<Room> {
        Arc::clone(&self.memory).try_acquire_many_owned(needed).ok().map(Room)
    }

    /// Waits for room. While what hangs leaves too little for it, nobody will ever give it: then
    /// [`Self::exhausted`] resolves.
    pub(crate) async fn room(&self, needed: u32) -> Result<Room, JobError> {
        let room = pin!(take(&self.memory, needed));
        let starved = pin!(self.stuck.leaves_less_than(needed, self.budget));
        match select(room, starved).await {
            Either::Left((room, _)) => room.map(Room),
            Either::Right(((), room)) => {
                self.stuck.starves(needed);
                room.await.map(Room)
            }
        }
    }

    /// Renders in `room` when there is a core for it, or all of them if it shall be alone. Whatever the renderer does, it
    /// harms this picture only.
    pub(crate) async fn render(
        &self,
        room: Room,
        company: Company,
        bytes: Bytes,
        link: String,
        options: Options,
        tell: impl Fn(Stage) + Send + 'static,
    ) -> Result<Done, JobError> {
        let cores = match company {
            Company::Any => 1,
            Company::None => {
                time::sleep(JITTER.delay(1)).await;
                self.all_cores
            }
        };
        let turn = Turn::new(take(&self.cores, cores).await?, room.mib(), Arc::clone(&self.stuck));
        let renderer = Arc::clone(&self.renderer);
        let held = turn.clone();
        let job = task::spawn_blocking(move || {
            // Core and room are given back when the thread is done with them, not when somebody stops waiting.
            let _held = held.hold();
            let mut room = room;
            let rendered = renderer(&bytes, &link, &options, &tell);
            drop(bytes);
            room.shrink(size_of(&rendered));
            Done { rendered, room }
        });
        match time::timeout(self.patience, job).await {
            Ok(done) => Ok(done?),
            Err(_) => {
                turn.overdue();
                Err(JobError::TimedOut)
            }
        }
    }

    /// Resolves when so many renders hang, or hold so much memory, that only a new process helps.
    pub(crate) async fn exhausted(&self) {
        self.stuck.too_many().await;
    }
}

const MIB: u64 = 1 << 20;

/// What is begun counts as a whole one.
fn mib(bytes: u64) -> u32 {
    permits(bytes.div_ceil(MIB))
}

/// A semaphore counts up to a bound that no machine's memory in MiB reaches.
fn permits(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX).min(u32::MAX >> 4)
}

/// Bytes of what came out.
fn size_of(rendered: &Result<Rendered, RenderError>) -> u64 {
    let bytes = match rendered {
        Ok(rendered) => {
            let Rendered { processed, qr_png, qr_svg, thumbnail, .. } = rendered;
            [processed, qr_png, qr_svg, thumbnail].iter().map(|artifact| artifact.bytes.len()).sum()
        }
        Err(RenderError::ReadBackFailed(unread)) => unread.candidate.bytes.len(),
        Err(_) => 0,
    };
    bytes as u64
}

async fn take(semaphore: &Arc<Semaphore>, count: u32) -> Result<OwnedSemaphorePermit, JobError> {
    // Nobody closes them.
    Arc::clone(semaphore).acquire_many_owned(count).await.map_err(|_| JobError::TimedOut)
}

#[cfg(test)]
mod tests;
