use events::{Service, bus::consume::ConsumeOptions, subjects};
use process::{Shutdown, WorkerConfig, worker};
use store::Transactional;

use crate::decide::Fold;

/// Large batches: a transaction costs much the same for one message and for a thousand.
const BATCH: usize = 1_024;

/// Works until shutdown.
///
/// # Errors
/// When the configuration cannot be used.
pub async fn run(config: WorkerConfig, shutdown: Shutdown) -> anyhow::Result<()> {
    worker::run(&config, Service::ChatWorker, shutdown, async |relay, shutdown| {
        let chats = Transactional::new(subjects::CHAT_WORKER.name, relay.clone(), Fold);
        let options = ConsumeOptions { batch: BATCH, ..ConsumeOptions::default() };
        relay.bus().consume(subjects::CHAT_WORKER, options, &chats, shutdown).await;
        Ok(())
    })
    .await
}
