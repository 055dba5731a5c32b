use std::net::SocketAddr;

use clap::Args;
use process::Connections;

/// What the order worker needs.
#[derive(Debug, Clone, Args)]
pub struct Config {
    #[command(flatten)]
    pub connections: Connections,

    /// Where health and metrics are served; nowhere when empty
    #[arg(long, env = "METRICS_LISTEN")]
    pub metrics_listen: Option<SocketAddr>,
}
