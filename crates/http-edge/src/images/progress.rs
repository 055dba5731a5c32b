use events::{Bus, images::ImageProgress};
use futures::StreamExt as _;
use process::Shutdown;
use tokio::sync::broadcast;

/// What the media workers are doing right now, for the pages that wait for it. Core NATS: who misses it misses
/// nothing, the outcome is in the log.
#[derive(Debug)]
pub(crate) struct Progress(broadcast::Sender<ImageProgress>);

impl Default for Progress {
    fn default() -> Self {
        Self(broadcast::Sender::new(256))
    }
}

impl Progress {
    pub(crate) fn listen(&self) -> broadcast::Receiver<ImageProgress> {
        self.0.subscribe()
    }

    /// Listens until shutdown; the client subscribes again by itself after a broken connection.
    pub(crate) async fn follow(&self, bus: &Bus, shutdown: Shutdown) {
        let mut heard = match bus.core().subscribe("progress.images.*").await {
            Ok(heard) => heard,
            Err(error) => {
                tracing::warn!(%error, "nobody will see how far a picture is");
                return;
            }
        };
        while let Some(Some(message)) = shutdown.run_until_cancelled(heard.next()).await {
            if let Ok(progress) = serde_json::from_slice(&message.payload) {
                // Nobody watches: nothing to do.
                let _ = self.0.send(progress);
            }
        }
    }
}
