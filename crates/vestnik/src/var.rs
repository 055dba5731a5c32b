//! The folder `var/`: everything that a private system keeps, and what tells other commands where it runs.

use std::{
    fs::{self, File, TryLockError},
    io::Write as _,
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// Where a private system lives: `VESTNIK_VAR`, else `var` in the present folder.
#[derive(Debug, Clone)]
pub(crate) struct Var(PathBuf);

/// What a running system tells about itself in `var/running.json`, readable by its owner only.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Running {
    pub pid: u32,
    pub nats_url: String,
    pub nats_keys: Option<PathBuf>,
    pub database_url: String,
    pub public_url: String,
    pub backoffice_url: String,
    pub metrics_url: String,
    /// The simulated Telegram, if it is simulated.
    pub telegram_url: Option<String>,
}

/// Held for as long as a system runs in the folder; the kernel releases it when the process dies.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

impl Var {
    pub(crate) fn find() -> anyhow::Result<Self> {
        let folder = std::env::var_os("VESTNIK_VAR").map_or_else(|| PathBuf::from("var"), PathBuf::from);
        Ok(Self(std::path::absolute(folder)?))
    }

    pub(crate) const fn at(folder: PathBuf) -> Self {
        Self(folder)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.0
    }

    pub(crate) fn create(&self) -> anyhow::Result<()> {
        fs::create_dir_all(self.path("log"))
            .with_context(|| format!("cannot make the folder {}", self.0.display()))
    }

    /// `None` when a system runs in the folder already.
    pub(crate) fn lock(&self) -> anyhow::Result<Option<Lock>> {
        let path = self.path("lock");
        let file = File::options().create(true).truncate(false).write(true).open(&path)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Lock { _file: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => {
                Err(error).with_context(|| format!("cannot lock {}", path.display()))
            }
        }
    }

    /// The system that runs in the folder, if one does.
    pub(crate) fn running(&self) -> anyhow::Result<Option<Running>> {
        if !self.path("lock").exists() || self.lock()?.is_some() {
            return Ok(None);
        }
        self.read("running.json")
    }

    /// `None` when there is no such file.
    pub(crate) fn read<T: DeserializeOwned>(&self, name: &str) -> anyhow::Result<Option<T>> {
        let path = self.path(name);
        if !path.exists() {
            return Ok(None);
        }
        let text = fs::read_to_string(&path)?;
        Ok(Some(serde_json::from_str(&text).with_context(|| format!("{} is damaged", path.display()))?))
    }

    /// Writes a file whole or not at all, readable by its owner only.
    pub(crate) fn write<T: Serialize>(&self, name: &str, value: &T) -> anyhow::Result<()> {
        let path = self.path(name);
        let new = path.with_extension("new");
        let mut file = File::options().create(true).truncate(true).write(true).mode(0o600).open(&new)?;
        serde_json::to_writer_pretty(&mut file, value)?;
        file.write_all(b"\n")?;
        file.sync_all()?;
        fs::rename(&new, &path)?;
        Ok(())
    }

    pub(crate) fn remove(&self, name: &str) {
        if let Err(error) = fs::remove_file(self.path(name)) {
            tracing::debug!(%error, name, "nothing to remove");
        }
    }
}
