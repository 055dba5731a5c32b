use clap::Args;

use crate::target::Target;

/// Which of the URLs to print; all, as shell assignments, when none is asked for.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Only the database's
    #[arg(long)]
    database_url: bool,
    /// Only the broker's
    #[arg(long, conflicts_with = "database_url")]
    nats_url: bool,
}

pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let target = Target::find()?;
    if options.database_url {
        println!("{}", target.database_url()?);
        return Ok(());
    }
    if options.nats_url {
        println!("{}", target.nats_url()?);
        return Ok(());
    }
    println!("DATABASE_URL='{}'", target.database_url()?);
    println!("NATS_URL='{}'", target.nats_url()?);
    if let Some(keys) = target.nats_keys() {
        println!("NATS_KEYS='{}'", keys.display());
    }
    println!("# public site  {}", target.public_url());
    println!("# back office  {}", target.backoffice_url());
    if let Some(running) = &target.running {
        println!("# metrics      {}", running.metrics_url);
        if let Some(telegram) = &running.telegram_url {
            println!("# telegram     {telegram} (simulated)");
        }
    }
    Ok(())
}
