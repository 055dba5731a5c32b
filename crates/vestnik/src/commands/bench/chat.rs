//! The desk: what comes in from Telegram, what goes out to it, and the pages with many chats.

mod desk;
mod fill;
mod inbound;
mod limits;
mod live;
mod pages;
mod reply;
mod visible;

use std::{net::SocketAddr, time::Duration};

use anyhow::Context as _;
use clap::Args;
use events::users::Role;

use super::{orders::register, private::PrivateSystem};

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Messages that come in at once
    #[arg(long, default_value_t = 100_000)]
    messages: u32,
    /// People who write them
    #[arg(long, default_value_t = 1_000)]
    people: u32,
    /// Seconds of each measurement, after two seconds of warming up
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// Chats of the large desk, with 50 messages each
    #[arg(long, default_value_t = 20_000)]
    chats: i64,
    /// Live pages open at once
    #[arg(long, default_value_t = 1_000)]
    pages: usize,
}

/// Telegram's own limits would be all that is measured.
const UNLIMITED: [(&str, &str); 3] =
    [("CHAT_RATE", "1000000"), ("CHAT_BURST", "1000000"), ("BOT_RATE", "1000000")];

/// What the measurements need.
struct Desk<'s> {
    system: &'s PrivateSystem,
    backoffice: SocketAddr,
    telegram: String,
    /// An operator's bearer token.
    token: String,
    duration: Duration,
}

pub(crate) async fn run(options: Options) -> anyhow::Result<()> {
    // In this process, so that what is measured is the services and not what stands in for Telegram.
    let telegram = telegram_sim::start(telegram_sim::Config::for_tests()).await?;
    let telegram_url = telegram.url();
    let settings = [("TELEGRAM_API_URL", telegram_url.as_str()), ("OPERATOR_BOT_TOKEN", "1000000:bench")];
    let system = PrivateSystem::start_with(&[&UNLIMITED[..], &settings].concat()).await?;
    let result = measure(&options, &system, telegram_url).await;
    system.stop().await?;
    telegram.stop().await?;
    result
}

async fn measure(options: &Options, system: &PrivateSystem, telegram: String) -> anyhow::Result<()> {
    let operators = register(&system.target(), Role::Operator, 1).await?;
    let (_, token) = operators.into_iter().next().context("no operator")?;
    let desk = Desk {
        system,
        backoffice: system.running.backoffice_url.trim_start_matches("http://").parse()?,
        telegram,
        token,
        duration: Duration::from_secs(options.seconds),
    };
    println!("From Telegram to the database, the operator's page, and back");
    println!();
    inbound::measure(&desk, options.people, options.messages).await?;
    limits::measure(&desk).await?;
    visible::measure(&desk).await?;
    reply::measure(&desk, options.people).await?;
    pages::measure(&desk, options.pages).await?;
    println!();
    desk::measure(&desk, options.chats).await
}
