//! The log, folded into a schema of its own by the code that the workers write the tables with.

mod findings;
mod fold;
mod read;
mod target;
mod versions;

use std::time::{Duration, Instant};

use anyhow::bail;
use events::Bus;

pub use findings::{Gap, Listed, Orphan, Refused, Undecodable};
pub(crate) use findings::{lines, listed};
pub(crate) use fold::Folder;
pub(crate) use target::{Kind, Target, quoted};

use crate::log;

/// Where to and how.
#[derive(Debug, Clone)]
pub struct RebuildOptions {
    /// Made if it is not there; continued if an earlier rebuild has made it; refused otherwise.
    pub schema: String,
    /// Events in one transaction.
    pub batch: usize,
    /// The last sequence to be folded; the end of the log if none is given.
    pub up_to: Option<u64>,
}

impl RebuildOptions {
    #[must_use]
    pub fn into(schema: impl Into<String>) -> Self {
        Self { schema: schema.into(), batch: 1_000, up_to: None }
    }
}

/// How far a rebuild is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Everything up to this sequence is in the schema.
    pub position: u64,
    /// The sequence at which it will be done.
    pub end: u64,
    /// Events read by this run.
    pub events: u64,
    pub elapsed: Duration,
}

/// What became of the log.
#[derive(Debug, Clone, Default)]
pub struct Rebuilt {
    pub position: u64,
    /// Events read by this run.
    pub events: u64,
    /// Those of them that had been folded before, under the same id or the same version.
    pub repeated: u64,
    pub elapsed: Duration,
    /// Messages of the log that are no events of the contract.
    pub undecodable: Listed<Undecodable>,
    /// Events that the tables do not take.
    pub refused: Listed<Refused>,
    /// Versions that the log lacks, with what waits for them.
    pub gaps: Vec<Gap>,
    /// Foreign keys that the rebuilt rows break.
    pub orphans: Vec<Orphan>,
}

/// Folds the log into a schema. May be broken off at any moment and continued by calling it again.
///
/// # Errors
/// When the log or the database cannot be used, or the schema is not one of a rebuild.
pub async fn rebuild(
    bus: &Bus,
    database_url: &str,
    options: &RebuildOptions,
    mut progress: impl FnMut(Progress) + Send,
) -> anyhow::Result<Rebuilt> {
    let end = log::end(bus).await?;
    let end = options.up_to.map_or(end, |up_to| up_to.min(end));
    let target = Target::open(database_url, &options.schema, Kind::Kept).await?;
    if target.position > end {
        bail!(
            "the schema {} holds the log up to {}, beyond the end that was asked for ({end})",
            options.schema,
            target.position
        );
    }
    let mut folder = Folder::resume(bus, target).await?;
    folder.advance(bus, end, options.batch, &mut progress).await?;
    folder.finish().await
}

impl Folder {
    /// Folds everything up to `end`, reading ahead of the database.
    pub(crate) async fn advance(
        &mut self,
        bus: &Bus,
        end: u64,
        size: usize,
        progress: &mut (impl FnMut(Progress) + Send),
    ) -> anyhow::Result<()> {
        if self.position() >= end {
            return Ok(());
        }
        let started = Instant::now();
        let before = self.found.events;
        let mut batches = read::batches(bus, self.position() + 1, end, size);
        while let Some(batch) = batches.recv().await {
            self.fold(batch?).await?;
            progress(Progress {
                position: self.position(),
                end,
                events: self.found.events - before,
                elapsed: started.elapsed(),
            });
        }
        self.found.elapsed += started.elapsed();
        Ok(())
    }
}
