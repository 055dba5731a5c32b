use std::net::SocketAddr;

use clap::Args;
use process::Connections;

/// What the media worker needs.
#[derive(Debug, Clone, Args)]
pub struct Config {
    #[command(flatten)]
    pub connections: Connections,

    /// Pictures rendered at a time; as many as there are cores when not given. Each takes at most
    /// `Inspected::memory_bound`: 24 MiB, twice the file, 16 bytes a pixel
    #[arg(long, env = "MEDIA_CONCURRENCY")]
    pub media_concurrency: Option<usize>,

    /// Where health and metrics are served; nowhere when empty
    #[arg(long, env = "METRICS_LISTEN")]
    pub metrics_listen: Option<SocketAddr>,
}
