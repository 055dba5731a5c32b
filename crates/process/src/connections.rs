use std::path::PathBuf;

use clap::Args;

use crate::Secret;

/// Where the broker and the database are. Every service takes these.
#[derive(Debug, Clone, Args)]
pub struct Connections {
    /// The broker: nats://host:port, several separated by commas
    #[arg(long, env = "NATS_URL", default_value = "nats://127.0.0.1:4222", hide_env_values = true)]
    pub nats_url: Secret,

    /// Folder with the services' NKey seeds; empty where the URL carries the credentials
    #[arg(long, env = "NATS_KEYS")]
    pub nats_keys: Option<PathBuf>,

    /// The database: postgres://user:password@host/name
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: Secret,

    /// Database connections of one service
    #[arg(long, env = "DATABASE_POOL", default_value_t = 8)]
    pub database_pool: usize,
}
