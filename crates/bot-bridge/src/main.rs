use clap::Parser;

#[derive(Parser)]
#[command(name = "bot-bridge", about = "Telegram, both ways")]
struct Arguments {
    #[command(flatten)]
    config: bot_bridge::Config,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    process::shutdown::run_service(|shutdown| bot_bridge::run(arguments.config, shutdown))
}
