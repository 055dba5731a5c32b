use clap::Parser;

/// Decides orders and moves money.
#[derive(Debug, Parser)]
#[command(name = "order-worker", version)]
struct Command {
    #[command(flatten)]
    config: order_worker::Config,
}

fn main() -> anyhow::Result<()> {
    let command = Command::parse();
    process::shutdown::run_service(|shutdown| order_worker::run(command.config, shutdown))
}
