use std::io::{self, Write as _};

use anyhow::Context as _;
use auditor::{Select, Start, Tail, TailOptions};
use jiff::{SignedDuration, Timestamp};

use super::From;
use crate::target::Target;

#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Only these subjects; * is one word, > the rest: 'orders.*.accepted', 'chats.>'
    #[arg(long)]
    subject: Option<String>,
    /// Only this type, such as order.accepted
    #[arg(long = "type")]
    event_type: Option<String>,
    /// Only what is about this order, account, picture, user or chat
    #[arg(long)]
    entity: Option<String>,
    /// From a sequence (1200), an age (2h, 30m) or a time (2026-11-21T10:00:00Z) on; by default from the
    /// beginning, or with --follow from now on
    #[arg(long, value_parser = start)]
    since: Option<Start>,
    /// Wait for more
    #[arg(long, short)]
    follow: bool,
    /// One CloudEvent per line, in structured JSON
    #[arg(long)]
    json: bool,
    /// Show what is personal as well
    #[arg(long)]
    reveal: bool,
    #[command(flatten)]
    from: From,
}

pub(crate) async fn run(options: Options) -> anyhow::Result<()> {
    let target = Target::find()?;
    let bus = options.from.bus(&target).await?;
    let default = if options.follow { Start::Now } else { Start::Beginning };
    let select = Select { subject: options.subject, event_type: options.event_type, entity: options.entity };
    let tail = TailOptions { select, start: options.since.unwrap_or(default), follow: options.follow };
    let mut tail = Tail::open(&bus, tail).await?;
    let mut out = io::stdout();
    while let Some(message) = tail.next().await {
        let line = if options.json {
            auditor::cloud_event(&message, options.reveal).to_string()
        } else {
            auditor::line(&message, options.reveal)
        };
        match writeln!(out, "{line}") {
            // Whoever reads has seen enough: `| head`.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(()),
            result => result.context("cannot print")?,
        }
    }
    Ok(())
}

fn start(text: &str) -> Result<Start, String> {
    if let Ok(sequence) = text.parse() {
        return Ok(Start::Sequence(sequence));
    }
    if let Ok(age) = text.parse::<SignedDuration>() {
        return Ok(Start::Since(Timestamp::now() - age.abs()));
    }
    text.parse().map(Start::Since).map_err(|_| {
        "write a sequence such as 1200, an age such as 2h, or a time such as 2026-11-21T10:00:00Z".to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_start_is_a_sequence_an_age_or_a_time() {
        assert_eq!(start("1200").unwrap(), Start::Sequence(1_200));
        assert_eq!(
            start("2026-11-21T10:00:00Z").unwrap(),
            Start::Since("2026-11-21T10:00:00Z".parse().unwrap())
        );
        let Ok(Start::Since(time)) = start("2h") else { panic!("an age") };
        let age = Timestamp::now().duration_since(time);
        assert!(age >= SignedDuration::from_hours(2) && age < SignedDuration::from_hours(3), "{age}");
        assert!(start("yesterday").is_err());
    }
}
