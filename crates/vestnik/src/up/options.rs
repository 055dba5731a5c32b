use std::{
    net::{SocketAddr, TcpListener},
    path::PathBuf,
};

use anyhow::{Context as _, bail};
use clap::Args;
use process::Secret;

use super::servers::Servers;
use crate::var::Running;

/// The services, in the order in which they are started.
pub(crate) const SERVICES: [&str; 5] =
    ["order-worker", "media-worker", "chat-worker", "bot-bridge", "http-edge"];

#[derive(Debug, Clone, Args)]
pub(crate) struct Options {
    /// Only these services, separated by commas: order-worker, media-worker, chat-worker, bot-bridge, http-edge
    #[arg(long, value_delimiter = ',', value_parser = clap::builder::PossibleValuesParser::new(SERVICES))]
    pub only: Vec<String>,

    /// The broker; without it a private one is started
    #[arg(long, env = "NATS_URL", hide_env_values = true)]
    pub nats_url: Option<Secret>,
    /// Folder with the services' NKey seeds
    #[arg(long, env = "NATS_KEYS")]
    pub nats_keys: Option<PathBuf>,
    /// Copies of every stream: 1 for a single server, 3 in a cluster
    #[arg(long, env = "NATS_REPLICAS", default_value_t = 1)]
    pub nats_replicas: usize,
    /// The database; without it a private one is started
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<Secret>,
    /// The bot; without it Telegram is simulated
    #[arg(long, env = "OPERATOR_BOT_TOKEN", hide_env_values = true)]
    pub operator_bot_token: Option<Secret>,
    /// Another Bot API server than the real one
    #[arg(long, env = "TELEGRAM_API_URL")]
    pub telegram_api_url: Option<String>,

    /// The public site
    #[arg(long, env = "PUBLIC_LISTEN", default_value = "127.0.0.1:3000")]
    pub public_listen: SocketAddr,
    /// The back office
    #[arg(long, env = "BACKOFFICE_LISTEN", default_value = "127.0.0.1:3001")]
    pub backoffice_listen: SocketAddr,
    /// The simulated Telegram
    #[arg(long, env = "TELEGRAM_SIM_LISTEN", default_value = "127.0.0.1:3002")]
    pub telegram_sim_listen: SocketAddr,
    /// Health, readiness and metrics
    #[arg(long, env = "METRICS_LISTEN", default_value = "127.0.0.1:9090")]
    pub metrics_listen: SocketAddr,
}

impl Options {
    pub(crate) fn has(&self, service: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| only == service)
    }

    pub(crate) fn simulates_telegram(&self) -> bool {
        self.has("bot-bridge") && self.operator_bot_token.is_none()
    }

    /// Before anything is started: whether the addresses are free.
    pub(crate) fn check_ports(&self) -> anyhow::Result<()> {
        if self.telegram_api_url.is_some() && self.operator_bot_token.is_none() {
            bail!("TELEGRAM_API_URL is set, but no bot: set OPERATOR_BOT_TOKEN as well, or neither");
        }
        let edge = self.has("http-edge");
        let wanted = [
            ("PUBLIC_LISTEN", self.public_listen, edge),
            ("BACKOFFICE_LISTEN", self.backoffice_listen, edge),
            ("METRICS_LISTEN", self.metrics_listen, edge),
            ("TELEGRAM_SIM_LISTEN", self.telegram_sim_listen, self.simulates_telegram()),
        ];
        for (variable, address, _) in wanted.iter().filter(|(_, _, wanted)| *wanted) {
            TcpListener::bind(address).with_context(|| {
                format!("cannot listen on {address}; stop what uses it, or set {variable} to another address")
            })?;
        }
        Ok(())
    }

    /// What other commands will find the system by.
    pub(crate) fn running(&self, servers: &Servers) -> Running {
        Running {
            pid: std::process::id(),
            nats_url: servers.nats_url().to_owned(),
            nats_keys: servers.nats_keys().map(Into::into),
            database_url: servers.database_url().to_owned(),
            public_url: format!("http://{}", self.public_listen),
            backoffice_url: format!("http://{}", self.backoffice_listen),
            metrics_url: format!("http://{}", self.metrics_listen),
            telegram_url: self.simulates_telegram().then(|| format!("http://{}", self.telegram_sim_listen)),
        }
    }
}
