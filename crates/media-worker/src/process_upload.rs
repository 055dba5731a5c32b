use bytes::Bytes;
use events::{
    bus::{ObjectError, Objects, consume::HandleError},
    images::{Geometry, ImageFailed, ImageRendered, ImageUploaded, ReadBack, Stage, StoredObject},
};

use crate::{
    jobs::{Company, Done, JobError, Jobs},
    progress::Progress,
    render::{self, Artifact, Options, RENDERER_VERSION, RenderError, Rendered, Unread},
};

/// What became of a picture.
#[derive(Debug)]
pub(crate) enum Processed {
    Rendered(Box<ImageRendered>),
    Failed(Box<ImageFailed>),
}

/// From this delivery on a picture is rendered alone: it may be what ended the process before, for want of memory for
/// instance.
const ALONE: u32 = 3;
/// After so many it has failed: a neighbour or a restart has ended some of them, but not all.
const MOST: u32 = 8;

/// Fetches, renders and stores; `attempt` counts the deliveries. An error means that the object store is away; whatever is
/// wrong with the picture is a [`Processed::Failed`].
pub(crate) async fn process_upload(
    objects: &Objects,
    jobs: &Jobs,
    progress: &Progress,
    uploaded: &ImageUploaded,
    attempt: u32,
) -> Result<Processed, HandleError> {
    if attempt > MOST {
        tracing::error!(image = %uploaded.image_id, attempt, "whoever renders the picture does not come back");
        return Ok(failed(uploaded, "renderer_failed", "The picture broke the renderer. Use another one."));
    }
    progress.tell(uploaded, Stage::Fetching);
    let company = if attempt < ALONE { Company::Any } else { Company::None };
    let done = match render(objects, jobs, progress, uploaded, company).await {
        Ok(done) => done,
        Err(Ended::Away(error)) => return Err(HandleError::Unavailable(error.into())),
        Err(Ended::Lost(error)) => {
            tracing::error!(image = %uploaded.image_id, %error, "the original is not to be had");
            return Ok(failed(uploaded, "original_missing", "The uploaded file is gone. Upload it again."));
        }
        Err(Ended::Job(error)) => {
            match &error {
                JobError::Panicked(error) => {
                    tracing::error!(image = %uploaded.image_id, %error, "the renderer broke off");
                }
                JobError::TooMuchMemory { needed, budget } => {
                    tracing::warn!(image = %uploaded.image_id, needed, budget, "the picture needs too much memory");
                }
                JobError::Render(_) | JobError::TimedOut => {}
            }
            progress.tell(uploaded, Stage::Storing);
            return Ok(failed(uploaded, error.code(), &error.to_string()));
        }
    };
    progress.tell(uploaded, Stage::Storing);
    // What came out has its room until it is stored.
    let Done { rendered, room } = done;
    let stored = match rendered {
        Ok(rendered) => {
            metrics::histogram!("vestnik_render_seconds").record(rendered.stages.total() as f64 / 1e6);
            store(objects, uploaded, rendered).await.map(|fact| Processed::Rendered(Box::new(fact)))
        }
        Err(error @ RenderError::ReadBackFailed(_)) => store_unread(objects, uploaded, error).await,
        Err(error) => Ok(failed(uploaded, error.code(), &error.to_string())),
    };
    drop(room);
    stored.map_err(|error| HandleError::Unavailable(error.into()))
}

/// Why there is no render to store.
enum Ended {
    /// The object store is away.
    Away(ObjectError),
    /// It does not have the original, or has another.
    Lost(ObjectError),
    Job(JobError),
}

impl From<JobError> for Ended {
    fn from(error: JobError) -> Self {
        Self::Job(error)
    }
}

async fn render(
    objects: &Objects,
    jobs: &Jobs,
    progress: &Progress,
    uploaded: &ImageUploaded,
    company: Company,
) -> Result<Done, Ended> {
    let link = uploaded.target_url.clone().unwrap_or_default();
    let options = Options { placement: uploaded.placement.unwrap_or_default(), ..Options::default() };
    let mut bytes = original(objects, uploaded).await?;
    let needed = jobs.weigh(&bytes, &link, options).await?;
    let room = match jobs.room_now(needed) {
        Some(room) => room,
        None => {
            // Who waits for memory holds none.
            drop(bytes);
            let room = jobs.room(needed).await?;
            bytes = original(objects, uploaded).await?;
            room
        }
    };
    let tell = {
        let (progress, uploaded) = (progress.clone(), uploaded.clone());
        move |stage| progress.tell(&uploaded, stage)
    };
    Ok(jobs.render(room, company, bytes, link, options, tell).await?)
}

async fn original(objects: &Objects, uploaded: &ImageUploaded) -> Result<Bytes, Ended> {
    objects.get(&uploaded.original).await.map_err(|error| match error {
        ObjectError::Unavailable { .. } => Ended::Away(error),
        ObjectError::NotFound { .. } | ObjectError::Corrupt { .. } => Ended::Lost(error),
    })
}

fn failed(uploaded: &ImageUploaded, code: &str, message: &str) -> Processed {
    Processed::Failed(Box::new(failure(uploaded, code, message)))
}

fn failure(uploaded: &ImageUploaded, code: &str, message: &str) -> ImageFailed {
    metrics::counter!("vestnik_images_failed_total", "code" => code.to_owned()).increment(1);
    ImageFailed {
        image_id: uploaded.image_id,
        owner_id: uploaded.owner_id,
        code: code.to_owned(),
        message: message.to_owned(),
        read_back: None,
        geometry: None,
        attempts: None,
        renderer_version: Some(RENDERER_VERSION.to_owned()),
        candidate: None,
    }
}

/// Keeps the picture whose code could not be read, for administrators to look at.
async fn store_unread(
    objects: &Objects,
    uploaded: &ImageUploaded,
    error: RenderError,
) -> Result<Processed, ObjectError> {
    let mut failure = failure(uploaded, error.code(), &error.to_string());
    if let RenderError::ReadBackFailed(unread) = error {
        let Unread { candidate, geometry, read_back, attempts } = *unread;
        failure.read_back = Some(verdicts(read_back));
        failure.geometry = Some(place(&geometry));
        failure.attempts = Some(attempts);
        failure.candidate = Some(put(objects, uploaded, "candidate", &candidate).await?);
    }
    Ok(Processed::Failed(Box::new(failure)))
}

async fn store(
    objects: &Objects,
    uploaded: &ImageUploaded,
    rendered: Rendered,
) -> Result<ImageRendered, ObjectError> {
    Ok(ImageRendered {
        image_id: uploaded.image_id,
        owner_id: uploaded.owner_id,
        target_url: uploaded.target_url.clone().unwrap_or_default(),
        processed: put(objects, uploaded, "processed", &rendered.processed).await?,
        qr_png: put(objects, uploaded, "qr.png", &rendered.qr_png).await?,
        qr_svg: put(objects, uploaded, "qr.svg", &rendered.qr_svg).await?,
        thumbnail: put(objects, uploaded, "thumbnail", &rendered.thumbnail).await?,
        width: rendered.width,
        height: rendered.height,
        geometry: place(&rendered.geometry),
        read_back: verdicts(rendered.read_back),
        attempts: rendered.attempts,
        renderer_version: rendered.renderer_version.to_owned(),
        lossless: Some(rendered.lossless),
        notes: rendered.notes.iter().map(|note| note.code().to_owned()).collect(),
    })
}

async fn put(
    objects: &Objects,
    uploaded: &ImageUploaded,
    what: &str,
    artifact: &Artifact,
) -> Result<StoredObject, ObjectError> {
    // Named by what it is: another version of the renderer, or another worker with the same upload in hand, replaces
    // nothing that an event tells of.
    let name = format!("{}/{what}-{}", uploaded.image_id, artifact.sha256);
    objects.put(&name, artifact.media_type, &artifact.bytes).await
}

fn place(geometry: &render::Geometry) -> Geometry {
    Geometry {
        x: geometry.plate.x,
        y: geometry.plate.y,
        side: geometry.plate.width,
        module: geometry.module_px,
        version: geometry.version.into(),
        error_correction: geometry.ec_level.to_string(),
        corner: Some(geometry.corner),
    }
}

fn verdicts(read: render::ReadBack) -> ReadBack {
    ReadBack {
        as_is: read.as_is,
        half_size: read.half,
        jpeg_quality_60: read.jpeg_q60,
        rotated5: Some(read.rotated),
        blurred: Some(read.blurred),
    }
}
