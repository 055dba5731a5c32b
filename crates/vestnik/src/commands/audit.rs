//! Reads the log and holds the database against it; changes nothing of either.

mod progress;
mod rebuild;
mod tail;
mod verify;

use anyhow::Context as _;
use clap::{Args, Subcommand, ValueEnum};
use events::{Bus, Service};

use crate::target::Target;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Print the log
    Tail(tail::Options),
    /// Fold the log into a schema of its own; goes on where it was broken off
    Rebuild(rebuild::Options),
    /// Fold the log and compare it with the live tables: exits with 0 if they are the same, with 1 if
    /// they differ, with 2 if it could not be verified
    Verify(verify::Options),
}

/// Which of the two the log is read from; the sequences are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Log {
    /// The auditor's own copy, which no service can write to
    Mirror,
    /// The system's stream itself
    Events,
}

#[derive(Debug, Args)]
struct From {
    /// Read the auditor's mirror, or the stream EVENTS where the broker has no mirror
    #[arg(long, value_enum, default_value_t = Log::Mirror)]
    log: Log,
}

impl From {
    async fn bus(&self, target: &Target) -> anyhow::Result<Bus> {
        // Not to be taken for a missing key.
        target.nats_url()?;
        match self.log {
            Log::Mirror => target.bus(Service::Auditor).await.context(
                "the auditor cannot sign in to the broker; where it has no key of its own there is no mirror \
                 either, and --log events reads the stream itself",
            ),
            Log::Events => target.bus(Service::Vestnik).await,
        }
    }
}

pub(crate) async fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Tail(options) => tail::run(options).await,
        Command::Rebuild(options) => rebuild::run(options).await,
        Command::Verify(options) => verify::run(options).await,
    }
}
