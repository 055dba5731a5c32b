use auditor::RebuildOptions;

use super::{From, progress};
use crate::target::Target;

#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// The schema, in the system's database; made if it is not there
    #[arg(long)]
    into: String,
    /// The last sequence to be folded; the end of the log if none is given
    #[arg(long)]
    up_to: Option<u64>,
    /// Events in one transaction
    #[arg(long, default_value_t = 1_000)]
    batch: usize,
    #[command(flatten)]
    from: From,
}

pub(crate) async fn run(options: Options) -> anyhow::Result<()> {
    let target = Target::find()?;
    let bus = options.from.bus(&target).await?;
    let rebuild = RebuildOptions { schema: options.into, batch: options.batch, up_to: options.up_to };
    let rebuilt = auditor::rebuild(&bus, &target.database_url()?, &rebuild, progress::teller()).await?;
    println!("{rebuilt}");
    println!("{} events/s", progress::rate(rebuilt.events, rebuilt.elapsed));
    Ok(())
}
