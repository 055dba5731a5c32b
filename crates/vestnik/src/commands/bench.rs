//! Measures: each figure beside the limit that the same machine has in the same run.

mod chat;
mod client;
mod figures;
mod limits;
mod load;
mod media;
mod orders;
mod private;
mod scan;

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// POST /api/orders until committed and answered 201
    Orders(orders::Options),
    /// A QR code over a picture, read back
    Media(media::Options),
    /// Messages from Telegram, replies to it, and the desk with many chats
    Chat(chat::Options),
    /// GET /q/<code> until redirected
    Scan(scan::Options),
}

pub(crate) async fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Orders(options) => orders::run(options).await,
        Command::Media(options) => tokio::task::block_in_place(|| media::run(&options)),
        Command::Chat(options) => chat::run(options).await,
        Command::Scan(options) => scan::run(options).await,
    }
}
