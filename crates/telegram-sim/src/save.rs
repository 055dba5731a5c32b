//! The state file: everything that outlives a restart, written shortly after each change.

use std::collections::HashSet;
use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use bytes::Bytes;

use crate::state::file_store::StoredFile;
use crate::state::snapshot::Snapshot;
use crate::world::World;

/// Changes of this long are written together.
const PAUSE: Duration = Duration::from_millis(200);

#[derive(Debug)]
pub(crate) struct Saver {
    path: PathBuf,
    /// Unique ids of the files that are on disk already.
    saved: HashSet<String>,
}

impl Saver {
    pub(crate) fn new(path: PathBuf) -> Self {
        Self { path, saved: HashSet::new() }
    }

    /// Takes up what an earlier run left; nothing is there at the first start.
    pub(crate) fn load(&self, world: &World) -> anyhow::Result<()> {
        let json = match fs::read(&self.path) {
            Ok(json) => json,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(error).context(self.path.display().to_string()),
        };
        let mut snapshot: Snapshot =
            serde_json::from_slice(&json).context(self.path.display().to_string())?;
        for file in &mut snapshot.files.files {
            // A file that did not make it to disk before a crash is empty, not fatal.
            file.bytes =
                fs::read(self.folder().join(&file.file_unique_id)).map(Bytes::from).unwrap_or_default();
        }
        world.state().resume(snapshot);
        Ok(())
    }

    /// Writes after every change, and once more at the end.
    pub(crate) async fn save(mut self, world: World) -> anyhow::Result<()> {
        let mut changes = world.state().signals.changed.subscribe();
        loop {
            let complete = world.shutdown.is_cancelled();
            changes.mark_unchanged();
            let state = world.clone();
            self = tokio::task::spawn_blocking(move || self.write(&state, complete)).await??;
            if complete {
                return Ok(());
            }
            tokio::select! {
                _ = changes.changed() => tokio::select! {
                    () = tokio::time::sleep(PAUSE) => {}
                    () = world.shutdown.cancelled() => {}
                },
                () = world.shutdown.cancelled() => {}
            }
        }
    }

    fn write(mut self, world: &World, complete: bool) -> anyhow::Result<Self> {
        let (json, files) = {
            let state = world.state();
            let snapshot = state.snapshot(complete);
            (snapshot, self.unsaved(state.files.all()))
        };
        let json = serde_json::to_vec(&json)?;
        if !files.is_empty() {
            fs::create_dir_all(self.folder())?;
        }
        for file in files {
            replace(&self.folder().join(&file.file_unique_id), &file.bytes)?;
            self.saved.insert(file.file_unique_id.clone());
        }
        replace(&self.path, &json)?;
        Ok(self)
    }

    fn unsaved<'a>(&self, files: impl Iterator<Item = &'a Arc<StoredFile>>) -> Vec<Arc<StoredFile>> {
        let unsaved = files.filter(|file| !self.saved.contains(&file.file_unique_id));
        unsaved.cloned().collect()
    }

    fn folder(&self) -> PathBuf {
        self.path.with_extension("files")
    }
}

/// Whoever reads finds the old content or the new, never half of it.
fn replace(path: &Path, content: &[u8]) -> anyhow::Result<()> {
    let name = || path.display().to_string();
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(name)?;
    }
    let fresh = path.with_added_extension("new");
    let mut file = fs::File::create(&fresh).with_context(name)?;
    file.write_all(content).with_context(name)?;
    file.sync_all().with_context(name)?;
    fs::rename(&fresh, path).with_context(name)
}
