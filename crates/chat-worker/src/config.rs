use process::Connections;

/// What the chat worker is told at its start.
#[derive(Debug, Clone, clap::Args)]
#[group(id = "chat_worker")] // several services' options live in one command
pub struct Config {
    #[command(flatten)]
    pub connections: Connections,
}
