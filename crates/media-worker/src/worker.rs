use std::{collections::HashMap, sync::Arc};

use events::{
    LogEvent, Outgoing, Recorded, Service,
    bus::consume::{Delivery, HandleError, Handler, Verdict},
    images::{ImageEvent, ImageFailed, ImageRendered, ImageUploaded},
    subjects,
};
use store::{Conn, Decide, Handled, Relay, Transactional};
use tokio::sync::Mutex;
use uuid::Uuid;

use crate::{
    jobs::Jobs,
    process_upload::{Processed, process_upload},
    progress::Progress,
};

/// Handles uploads: renders first, outside any transaction, and writes down afterwards what came of it.
/// Rendering again after a crash keeps the same bytes under the same names, and others under others.
pub(crate) struct Worker {
    relay: Relay,
    jobs: Arc<Jobs>,
    progress: Progress,
    results: Results,
    transactional: Transactional<Write>,
}

/// What became of the pictures of the batch in hand, by the id of the upload's event.
type Results = Arc<Mutex<HashMap<Uuid, Processed>>>;

impl Worker {
    pub(crate) fn new(relay: Relay, jobs: Arc<Jobs>, progress: Progress) -> Self {
        let results = Results::default();
        let write = Write { results: results.clone() };
        let transactional = Transactional::new(subjects::MEDIA_WORKER.name, relay.clone(), write);
        Self { relay, jobs, progress, results, transactional }
    }
}

impl Handler for Worker {
    async fn handle(&self, batch: &[Delivery]) -> Result<Vec<Verdict>, HandleError> {
        let bus = self.relay.bus();
        let objects = bus
            .objects(subjects::MEDIA_BUCKET)
            .await
            .map_err(|error| HandleError::Unavailable(error.into()))?;
        let mut results = HashMap::new();
        for delivery in batch {
            let Some(uploaded) = upload(delivery) else { continue };
            let processed =
                process_upload(&objects, &self.jobs, &self.progress, uploaded, delivery.attempt).await?;
            results.insert(delivery.recorded.meta.id, processed);
        }
        *self.results.lock().await = results;
        self.transactional.handle(batch).await
    }
}

/// The upload, if it has a link to render.
fn upload(delivery: &Delivery) -> Option<&ImageUploaded> {
    match &delivery.recorded.event {
        LogEvent::Image(ImageEvent::ImageUploaded(uploaded)) if uploaded.target_url.is_some() => {
            Some(uploaded)
        }
        _ => None,
    }
}

/// The transaction: the uploads themselves and what came of them.
#[derive(Debug)]
struct Write {
    results: Results,
}

impl Decide for Write {
    async fn decide(&self, conn: &mut Conn, batch: &[&Delivery]) -> anyhow::Result<Handled> {
        let results = self.results.lock().await;
        let mut handled = Handled::default();
        let mut recorded: Vec<Recorded> = Vec::with_capacity(batch.len() * 2);
        for delivery in batch {
            let cause = &delivery.recorded.meta;
            recorded.push(delivery.recorded.clone());
            let time = events::now();
            let fact = match results.get(&cause.id) {
                Some(Processed::Rendered(fact)) => {
                    Outgoing::fact::<ImageRendered>(Service::MediaWorker, cause, 0, None, time, fact)
                }
                Some(Processed::Failed(fact)) => {
                    Outgoing::fact::<ImageFailed>(Service::MediaWorker, cause, 0, None, time, fact)
                }
                None => continue,
            };
            recorded.push(fact.recorded()?);
            handled.facts.push(fact);
        }
        store::apply(conn, &recorded).await?;
        Ok(handled)
    }
}
