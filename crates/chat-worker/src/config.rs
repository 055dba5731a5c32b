use process::WorkerConfig;
use url::Url;

/// What the chat worker is told at its start.
#[derive(Debug, Clone, clap::Args)]
pub struct Config {
    #[command(flatten)]
    pub worker: WorkerConfig,

    /// The address the outside world knows: where notices lead to; without it they lead nowhere
    #[arg(long, env = "API_BASE_URL")]
    pub api_base_url: Option<Url>,
}

/// One that knows no address.
impl From<WorkerConfig> for Config {
    fn from(worker: WorkerConfig) -> Self {
        Self { worker, api_base_url: None }
    }
}
