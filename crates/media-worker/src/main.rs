use clap::Parser;

/// Renders QR codes over pictures and reads them back.
#[derive(Debug, Parser)]
#[command(name = "media-worker", version)]
struct Command {
    #[command(flatten)]
    config: media_worker::Config,
}

fn main() -> anyhow::Result<()> {
    let command = Command::parse();
    process::shutdown::run_service(|shutdown| media_worker::run(command.config, shutdown))
}
