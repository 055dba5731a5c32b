use clap::Args;
use process::WorkerConfig;

/// What the media worker needs.
#[derive(Debug, Clone, Args)]
pub struct Config {
    #[command(flatten)]
    pub worker: WorkerConfig,

    /// Pictures rendered at a time; as many as there are cores when not given. Each takes at most
    /// `Inspected::memory_bound`: 24 MiB, twice the file, 16 bytes a pixel
    #[arg(long, env = "MEDIA_CONCURRENCY")]
    pub media_concurrency: Option<usize>,
}
