use clap::Parser;

#[derive(Parser)]
#[command(version, about = "Vestnik's web edge: the public site and the back office")]
struct Command {
    #[command(flatten)]
    config: http_edge::Config,
}

fn main() -> anyhow::Result<()> {
    let command = Command::parse();
    process::shutdown::run_service(|shutdown| http_edge::run(command.config, shutdown))
}
