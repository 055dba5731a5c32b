use std::{sync::Arc, thread::available_parallelism, time::Duration};

use anyhow::bail;
use events::{Service, bus::consume::ConsumeOptions, subjects};
use futures::future::join_all;
use process::{Shutdown, worker};

use crate::{
    Config, Renderer,
    jobs::{Capacity, Jobs},
    memory,
    progress::Progress,
    render,
    worker::Worker,
};

/// Far beyond what 50 megapixels take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);
/// Pictures in hand for each core: while one is rendered, others are fetched and stored.
const IN_HAND: usize = 2;

/// Runs until shutdown.
///
/// # Errors
/// When the configuration cannot be used, or when too many renders hang: see [`run_with`].
pub async fn run(config: Config, shutdown: Shutdown) -> anyhow::Result<()> {
    run_with(Arc::new(render::render_telling), PATIENCE, config, shutdown).await
}

/// [`run`] with another renderer, for tests of what breaks; `patience` is the time after which a render
/// counts as stuck.
///
/// # Errors
/// Those of [`run`]. Threads that hang cannot be stopped, so the worker ends and is to be started again.
pub async fn run_with(
    renderer: Renderer,
    patience: Duration,
    config: Config,
    shutdown: Shutdown,
) -> anyhow::Result<()> {
    let cores = match config.media_concurrency {
        Some(concurrency) => concurrency.max(1),
        None => available_parallelism()?.get(),
    };
    let memory = config.media_memory.map_or_else(memory::default_budget, |mib| mib << 20);
    let jobs = Arc::new(Jobs::new(renderer, Capacity { cores, memory, patience }));
    worker::run(&config.worker, Service::MediaWorker, shutdown, async |relay, shutdown| {
        let stop = shutdown.child_token();
        let (progress, telling) = Progress::new(relay.bus().clone());
        // Each picture is a batch of its own: a slow one delays nobody's event but its own.
        let options = ConsumeOptions { batch: 1, ..ConsumeOptions::default() };
        let hands = (0..cores * IN_HAND).map(|_| {
            let uploads = Worker::new(relay.clone(), Arc::clone(&jobs), progress.clone());
            let (bus, stop) = (relay.bus().clone(), stop.clone());
            async move { bus.consume(subjects::MEDIA_WORKER, options, &uploads, stop).await }
        });
        let hands = join_all(hands);
        drop(progress);
        let watching = async {
            let exhausted = stop.run_until_cancelled(jobs.exhausted()).await;
            stop.cancel();
            exhausted.is_some()
        };
        let (_, (), exhausted) = tokio::join!(hands, telling, watching);
        if exhausted {
            bail!("too many renders hang; only a new process gets rid of them");
        }
        Ok(())
    })
    .await
}
