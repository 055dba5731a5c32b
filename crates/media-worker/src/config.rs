use clap::Args;
use process::WorkerConfig;

/// What the media worker needs.
#[derive(Debug, Clone, Args)]
pub struct Config {
    #[command(flatten)]
    pub worker: WorkerConfig,

    /// Pictures rendered at a time; as many as there are cores when not given
    #[arg(long, env = "MEDIA_CONCURRENCY")]
    pub media_concurrency: Option<usize>,

    /// MiB of memory for all renders together; a quarter of the machine's, and at least 400, when not given.
    /// A picture may take 24 MiB, three times its file and 16 to 20 bytes a pixel: one that needs more is refused
    #[arg(long, env = "MEDIA_MEMORY")]
    pub media_memory: Option<u64>,
}
