use std::{path::PathBuf, process::Stdio, time::Duration};

use anyhow::{Context as _, bail};
use tokio::process::{Child, Command};

use crate::{
    target::Target,
    var::{Running, Var},
};

/// A system of the benchmark's own, in a process of its own and a folder that goes afterwards.
pub(super) struct PrivateSystem {
    child: Child,
    folder: PathBuf,
    pub running: Running,
}

const READY: Duration = Duration::from_secs(60);

impl PrivateSystem {
    pub(super) async fn start() -> anyhow::Result<Self> {
        Self::start_with(&[]).await
    }

    /// With these environment variables beside the usual ones.
    pub(super) async fn start_with(settings: &[(&str, &str)]) -> anyhow::Result<Self> {
        let var = Var::find()?;
        let folder = var.path(&format!("bench-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("log"))?;
        // The server program that scripts/setup has put into var/ serves here as well.
        let tools = var.path("tools/nats-server");
        let log = std::fs::File::create(folder.join("log/vestnik.log"))?;
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("up").env("VESTNIK_VAR", &folder).env("RUST_LOG", "warn");
        if tools.exists() && std::env::var_os("NATS_SERVER").is_none() {
            command.env("NATS_SERVER", tools);
        }
        for variable in ["PUBLIC_LISTEN", "BACKOFFICE_LISTEN", "METRICS_LISTEN", "TELEGRAM_SIM_LISTEN"] {
            command.env(variable, private_servers::free_address()?.to_string());
        }
        for variable in ["NATS_URL", "DATABASE_URL", "OPERATOR_BOT_TOKEN", "TELEGRAM_API_URL"] {
            command.env_remove(variable);
        }
        command.envs(settings.iter().copied());
        let mut child =
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).kill_on_drop(true).spawn()?;
        let started = tokio::time::Instant::now();
        let inner = Var::at(folder.clone());
        loop {
            if let Some(status) = child.try_wait()? {
                bail!("the system did not start ({status}); look at {}", folder.join("log").display());
            }
            if let Some(running) = inner.running()? {
                return Ok(Self { child, folder, running });
            }
            if started.elapsed() > READY {
                bail!("the system was not ready within {} s", READY.as_secs());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    pub(super) fn target(&self) -> Target {
        Target { running: Some(self.running.clone()) }
    }

    pub(super) fn folder(&self) -> &std::path::Path {
        &self.folder
    }

    /// Resident memory of the system's process, in MB; `None` where the kernel does not say.
    pub(super) fn resident_megabytes(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()?)).ok()?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
        let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
        Some(kilobytes / 1_024)
    }

    pub(super) async fn stop(mut self) -> anyhow::Result<()> {
        if let Some(pid) = self.child.id() {
            Command::new("kill").args(["-s", "TERM", &pid.to_string()]).status().await?;
        }
        let ended = tokio::time::timeout(Duration::from_secs(15), self.child.wait()).await;
        ended.context("the system did not stop in time")??;
        std::fs::remove_dir_all(&self.folder)?;
        Ok(())
    }
}
