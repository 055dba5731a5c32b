use clap::Args;
use events::{Service, bus::provision};

use crate::target::Target;

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Copies of every stream: 1 for a single server, 3 in a cluster
    #[arg(long, env = "NATS_REPLICAS", default_value_t = 1)]
    replicas: usize,
    /// Leave the broker as it is
    #[arg(long)]
    database_only: bool,
}

pub(crate) async fn run(options: Options) -> anyhow::Result<()> {
    let target = Target::find()?;
    let count = store::migrate(&target.database_url()?).await?;
    println!("database: {count} migrations run");
    if !options.database_only {
        provision::events(&target.bus(Service::Provision).await?, options.replicas).await?;
        println!("broker: streams, consumers and buckets are there");
    }
    Ok(())
}
