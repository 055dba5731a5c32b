//! Where the system is that a command works on: the environment's, or the one that runs in this folder.

use std::path::PathBuf;

use anyhow::Context as _;
use events::{Bus, BusConfig, Service};
use store::Store;

use crate::var::{Running, Var};

/// Addresses of a system, from the environment or from `var/running.json`.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    pub running: Option<Running>,
}

impl Target {
    pub(crate) fn find() -> anyhow::Result<Self> {
        Ok(Self { running: Var::find()?.running()? })
    }

    pub(crate) fn database_url(&self) -> anyhow::Result<String> {
        self.value("DATABASE_URL", |running| running.database_url.clone())
    }

    pub(crate) fn nats_url(&self) -> anyhow::Result<String> {
        self.value("NATS_URL", |running| running.nats_url.clone())
    }

    pub(crate) fn nats_keys(&self) -> Option<PathBuf> {
        let from_environment = std::env::var_os("NATS_KEYS").map(PathBuf::from);
        from_environment.or_else(|| self.running.as_ref().and_then(|running| running.nats_keys.clone()))
    }

    pub(crate) fn public_url(&self) -> String {
        self.address("PUBLIC_LISTEN", "127.0.0.1:3000", |running| running.public_url.clone())
    }

    pub(crate) fn backoffice_url(&self) -> String {
        self.address("BACKOFFICE_LISTEN", "127.0.0.1:3001", |running| running.backoffice_url.clone())
    }

    pub(crate) fn telegram_url(&self) -> Option<String> {
        self.running.as_ref().and_then(|running| running.telegram_url.clone())
    }

    pub(crate) fn store(&self) -> anyhow::Result<Store> {
        Ok(Store::new(&self.database_url()?, 4)?)
    }

    pub(crate) async fn bus(&self, service: Service) -> anyhow::Result<Bus> {
        let config = BusConfig { url: self.nats_url()?, keys: self.nats_keys(), service };
        Bus::connect(&config).await.context("cannot reach the broker; is the system running?")
    }

    fn value(&self, variable: &str, of: impl Fn(&Running) -> String) -> anyhow::Result<String> {
        if let Ok(value) = std::env::var(variable) {
            return Ok(value);
        }
        self.running.as_ref().map(of).with_context(|| {
            format!("no system runs in this folder; start one with `vestnik up`, or set {variable}")
        })
    }

    fn address(&self, variable: &str, default: &str, of: impl Fn(&Running) -> String) -> String {
        if let Some(running) = &self.running {
            return of(running);
        }
        format!("http://{}", std::env::var(variable).unwrap_or_else(|_| default.to_owned()))
    }
}
