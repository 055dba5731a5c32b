//! It holds: whatever process dies at whatever moment, nothing acknowledged is lost and nothing is done twice.
//!
//! Customers order over HTTP, and one of them is told of it by the bot; people write to the bot and send it files;
//! an operator answers, with files and albums as well, and changes and takes back what was sent; meanwhile each service, the broker
//! and the database are killed with SIGKILL and started again, over and over. Afterwards what the clients were
//! told is compared with what is there.
//!
//! `VESTNIK_SOAK_MINUTES` makes it long; `VESTNIK_SEED` repeats the kills of an earlier run.

#![expect(clippy::expect_used, reason = "what a test cannot do has failed")]

mod kill {
    pub(crate) mod accounts;
    pub(crate) mod chaos;
    pub(crate) mod chronicle;
    pub(crate) mod customers;
    pub(crate) mod money;
    pub(crate) mod notices;
    pub(crate) mod operator;
    pub(crate) mod orders;
    pub(crate) mod phones;
    pub(crate) mod processes;
    pub(crate) mod replies;
    pub(crate) mod settle;
    pub(crate) mod stage;
}

use std::time::{Duration, Instant};

use kill::{chaos, chronicle::Chronicle, money, notices, orders, phones, replies, settle, stage::Stage};
use rand::Rng as _;

/// How long processes are killed when nobody asks for more.
const SHORT: Duration = Duration::from_secs(20);
/// The longest stretch of kills before everything is compared and a new system begins.
const ROUND: Duration = Duration::from_secs(300);

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_or_done_twice_whatever_dies() {
    let mut seed = variable("VESTNIK_SEED").unwrap_or_else(|| rand::rng().random());
    let Some(minutes) = variable("VESTNIK_SOAK_MINUTES") else {
        return round(seed, SHORT).await;
    };
    let end = Instant::now() + Duration::from_secs(60 * minutes);
    while let Some(left) = end.checked_duration_since(Instant::now()) {
        round(seed, left.clamp(SHORT, ROUND)).await;
        seed = seed.wrapping_add(1);
    }
}

async fn round(seed: u64, length: Duration) {
    let chronicle = Chronicle::new(seed);
    let mut stage = Stage::set(&chronicle).await;
    let load = stage.load();
    chaos::run(&mut stage, &chronicle, length).await;
    let done = load.finish(&chronicle).await;

    settle::wait(&stage).await;
    stage.processes.none_gave_up();
    orders::check(&stage, &done.placed).await;
    money::check(&stage, &done.placed).await;
    phones::check(&stage, &done.written).await;
    let (unknown, came) = replies::check(&stage, &done.replies, &chronicle).await;
    let told = notices::check(&stage, &done.placed, &chronicle).await;
    stage.system.no_dead_letters().await;
    settle::replay(&stage).await;

    eprintln!(
        "seed {seed}: {} kills, {} orders, {} messages, {} replies, {told} notices; nothing lost, \
         {unknown} replies unknown of which {came} arrived",
        chronicle.kills(None),
        done.placed.len(),
        done.written.len(),
        done.replies.len(),
    );
    stage.leave().await;
    chronicle.forget();
}

fn variable(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{name} is {text:?}, which is no number")))
}
