use anyhow::{Context as _, bail};
use clap::Subcommand;
use events::{Service, bus::Letter, orders::rules, subjects::DURABLE_CONSUMERS};
use store::{
    Relay,
    letters::{self, Settle, Settled},
};

use crate::target::Target;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List messages that were given up, newest first
    Ls {
        /// Also those that somebody has dealt with
        #[arg(long)]
        all: bool,
        /// Letters looked at, at the most
        #[arg(long, default_value_t = 1_000)]
        limit: u64,
    },
    /// Show one whole; its body may tell of a person
    Show {
        /// As `ls` prints it, such as order-worker-4711
        id: String,
    },
    /// Let its consumer try it again
    Redrive { id: String },
    /// Leave it as it is, with a reason
    Discard {
        id: String,
        #[arg(long)]
        reason: String,
    },
}

pub(crate) async fn run(command: Command) -> anyhow::Result<()> {
    let target = Target::find()?;
    let relay = Relay::new(target.store()?, target.bus(Service::Vestnik).await?);
    match command {
        Command::Ls { all, limit } => list(&relay, all, limit).await?,
        Command::Show { id } => show(&find(&relay, &id).await?),
        Command::Redrive { id } => settle(&relay, &id, Settle::Redrive).await?,
        Command::Discard { id, reason } => {
            let reason = rules::line(&reason);
            if !(1..=500).contains(&reason.chars().count()) {
                bail!("the reason must have 1 to 500 characters");
            }
            settle(&relay, &id, Settle::Discard(reason)).await?;
        }
    }
    relay.bus().close().await;
    Ok(())
}

async fn list(relay: &Relay, all: bool, limit: u64) -> anyhow::Result<()> {
    let last = relay.bus().last_letter().await?;
    let first = last.saturating_sub(limit) + 1;
    let found = relay.bus().letters((first..=last).rev()).await?;
    let ids: Vec<(&str, u64)> =
        found.iter().map(|letter| (letter.consumer.as_str(), letter.sequence)).collect();
    let settled = letters::settled(&mut *relay.store().conn().await?, &ids).await?;
    for letter in &found {
        let of_letter = |one: &&Settled| one.consumer == letter.consumer && one.sequence == letter.sequence;
        let outcome = settled.iter().find(of_letter);
        if all || outcome.is_none() {
            let state = outcome.map_or("waiting", |settled| settled.outcome.name());
            println!("{}  {}  {state}  {}  {}", letter.id(), letter.at, letter.subject, letter.reason);
        }
    }
    if first > 1 {
        eprintln!("older ones were not looked at; see --limit");
    }
    Ok(())
}

fn show(letter: &Letter) {
    println!("{} given up by {} at {}", letter.subject, letter.consumer, letter.at);
    println!("reason: {}", letter.reason);
    println!("log sequence: {} (of the message: {})", letter.sequence, letter.original);
    println!("attempts: {}", letter.attempts);
    for (name, values) in letter.headers.iter() {
        for value in values {
            println!("{name}: {value}");
        }
    }
    println!();
    println!("{}", String::from_utf8_lossy(&letter.body));
}

async fn settle(relay: &Relay, id: &str, what: Settle) -> anyhow::Result<()> {
    let letter = find(relay, id).await?;
    if matches!(what, Settle::Redrive) && !letter.is_redrivable() {
        bail!(
            "{id} cannot be tried again: only its reason was kept, or it is itself a wish to try one again"
        );
    }
    let outcome = if matches!(what, Settle::Redrive) { "will be tried again" } else { "is discarded" };
    if !letters::settle(relay, &letter, what, "vestnik").await? {
        bail!("{id} is settled already");
    }
    relay.catch_up().await?;
    println!("{id} {outcome}");
    Ok(())
}

async fn find(relay: &Relay, id: &str) -> anyhow::Result<Letter> {
    let missing = || format!("there is no dead letter {id}");
    let (consumer, sequence) = id.rsplit_once('-').with_context(missing)?;
    let sequence = sequence.parse().ok().with_context(missing)?;
    if !DURABLE_CONSUMERS.iter().any(|known| known.name == consumer) {
        bail!("there is no consumer {consumer}");
    }
    relay.bus().letter(consumer, sequence).await?.with_context(missing)
}
