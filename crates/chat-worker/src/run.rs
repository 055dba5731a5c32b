use events::{Service, bus::consume::ConsumeOptions, subjects};
use process::{Shutdown, worker};
use store::Transactional;

use crate::{Config, fold::Fold, tell::Tell};

/// Large batches: a transaction costs much the same for one message and for a thousand.
const BATCH: usize = 1_024;

/// Works until shutdown.
///
/// # Errors
/// When the configuration cannot be used.
pub async fn run(config: impl Into<Config>, shutdown: Shutdown) -> anyhow::Result<()> {
    let Config { worker, api_base_url } = config.into();
    worker::run(&worker, Service::ChatWorker, shutdown, async move |relay, shutdown| {
        let chats = Transactional::new(subjects::CHAT_WORKER.name, relay.clone(), Fold);
        let tell = Tell { base_url: api_base_url };
        let notices = Transactional::new(subjects::CHAT_WORKER_NOTICES.name, relay.clone(), tell);
        let large = ConsumeOptions { batch: BATCH, ..ConsumeOptions::default() };
        let bus = relay.bus();
        tokio::join!(
            bus.consume(subjects::CHAT_WORKER, large, &chats, shutdown.clone()),
            bus.consume(subjects::CHAT_WORKER_NOTICES, ConsumeOptions::default(), &notices, shutdown),
        );
        Ok(())
    })
    .await
}
