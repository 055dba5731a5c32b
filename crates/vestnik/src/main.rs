//! `vestnik`: starts the whole system, and does what is done from a command line.

#![expect(clippy::print_stdout, reason = "a command speaks on standard output")]

mod commands;
mod target;
mod up;
mod var;

use clap::{Parser, Subcommand};

/// The order desk and the Telegram support desk on one event log
#[derive(Debug, Parser)]
#[command(name = "vestnik", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start the system; without configuration, with a private broker, database and Telegram
    Up(up::Options),
    /// Bring the database and the broker up to date
    Migrate(commands::migrate::Options),
    /// Accounts
    #[command(subcommand)]
    User(commands::user::Command),
    /// Bearer tokens for programs
    #[command(subcommand)]
    Token(commands::token::Command),
    /// Messages that a consumer gave up: list, show, try again, discard
    #[command(subcommand)]
    Dead(commands::dead::Command),
    /// Read the log, rebuild the tables from it, verify them against it
    #[command(subcommand)]
    Audit(commands::audit::Command),
    /// Print the addresses and URLs of the running system
    Env(commands::env::Options),
    /// Drive both main flows against the running system and say what held
    Smoke(commands::smoke::Options),
    /// Measure the system beside the limits of the machine
    #[command(subcommand)]
    Bench(commands::bench::Command),
}

fn main() -> std::process::ExitCode {
    let cli = Cli::parse();
    process::logging::start_quietly();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("vestnik: cannot start: {error}");
            return std::process::ExitCode::FAILURE;
        }
    };
    let result = runtime.block_on(run(cli.command));
    // Whatever still runs in the background has had its time.
    runtime.shutdown_timeout(std::time::Duration::from_millis(500));
    match result {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("vestnik: {error:#}");
            std::process::ExitCode::FAILURE
        }
    }
}

async fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Up(options) => up::run(options).await,
        Command::Migrate(options) => commands::migrate::run(options).await,
        Command::User(command) => commands::user::run(command).await,
        Command::Token(command) => commands::token::run(command).await,
        Command::Dead(command) => commands::dead::run(command).await,
        Command::Audit(command) => commands::audit::run(command).await,
        Command::Env(options) => commands::env::run(&options),
        Command::Smoke(options) => commands::smoke::run(options).await,
        Command::Bench(command) => commands::bench::run(command).await,
    }
}
