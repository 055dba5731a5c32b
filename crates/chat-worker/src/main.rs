use clap::Parser;

#[derive(Parser)]
#[command(name = "chat-worker", about = "Keeps the chats in the database as the log tells them")]
struct Arguments {
    #[command(flatten)]
    config: chat_worker::Config,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    process::shutdown::run_service(|shutdown| chat_worker::run(arguments.config, shutdown))
}
