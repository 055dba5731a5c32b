use events::{
    Bus,
    images::{ImageProgress, ImageUploaded, Stage},
    subjects,
};
use tokio::sync::mpsc;

/// Tells the pages how far a picture is. Nothing waits for it: what cannot be said now is not said.
#[derive(Debug, Clone)]
pub(crate) struct Progress(mpsc::Sender<ImageProgress>);

/// Stages not yet sent; each picture has about five.
const WAITING: usize = 256;

impl Progress {
    /// The second half sends, until the first one is gone.
    pub(crate) fn new(bus: Bus) -> (Self, impl Future<Output = ()>) {
        let (said, mut heard) = mpsc::channel::<ImageProgress>(WAITING);
        let sending = async move {
            while let Some(progress) = heard.recv().await {
                // The client would keep it for later, when nobody wants to know any more.
                if !bus.is_connected() {
                    continue;
                }
                if let Ok(payload) = serde_json::to_vec(&progress) {
                    let subject = subjects::image_progress(progress.image_id);
                    let _ = bus.core().publish(subject, payload.into()).await;
                }
            }
        };
        (Self(said), sending)
    }

    pub(crate) fn tell(&self, uploaded: &ImageUploaded, stage: Stage) {
        let (image_id, owner_id) = (uploaded.image_id, uploaded.owner_id);
        let _ = self.0.try_send(ImageProgress { image_id, owner_id, stage });
    }
}
