use std::thread::available_parallelism;

use events::{Service, bus::consume::ConsumeOptions, subjects};
use process::{Shutdown, worker};

use crate::{Config, worker::Worker};

/// Runs until shutdown.
///
/// # Errors
/// When the configuration cannot be used.
pub async fn run(config: Config, shutdown: Shutdown) -> anyhow::Result<()> {
    let concurrency = match config.media_concurrency {
        Some(concurrency) => concurrency.max(1),
        None => available_parallelism()?.get(),
    };
    worker::run(&config.worker, Service::MediaWorker, shutdown, async |relay, shutdown| {
        let uploads = Worker::new(relay.clone(), concurrency);
        // A small batch: what is rendered together is published together.
        let options = ConsumeOptions { batch: concurrency * 2, ..ConsumeOptions::default() };
        relay.bus().consume(subjects::MEDIA_WORKER, options, &uploads, shutdown).await;
        Ok(())
    })
    .await
}
