use events::{Service, bus::consume::ConsumeOptions, subjects};
use process::{Shutdown, WorkerConfig, worker};
use store::Transactional;

use crate::{CountScans, Worker, clock};

/// Runs until shutdown: wishes and scans come in, the clock ticks, facts go out.
///
/// # Errors
/// When the configuration cannot be used.
pub async fn run(config: WorkerConfig, shutdown: Shutdown) -> anyhow::Result<()> {
    worker::run(&config, Service::OrderWorker, shutdown, async |relay, shutdown| {
        let worker = Worker::new(events::now);
        let wishes = Transactional::new(subjects::ORDER_WORKER.name, relay.clone(), worker);
        let scans = Transactional::new(subjects::ORDER_WORKER_SCANS.name, relay.clone(), CountScans);
        let options = ConsumeOptions::default;
        tokio::join!(
            relay.bus().consume(subjects::ORDER_WORKER, options(), &wishes, shutdown.clone()),
            relay.bus().consume(subjects::ORDER_WORKER_SCANS, options(), &scans, shutdown.clone()),
            clock::run(worker, &relay, shutdown.clone()),
        );
        Ok(())
    })
    .await
}
