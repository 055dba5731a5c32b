use events::{
    bus::{ObjectError, Objects, consume::HandleError},
    images::{Geometry, ImageFailed, ImageRendered, ImageUploaded, ReadBack, Stage, StoredObject},
};

use crate::{
    jobs::{JobError, Jobs},
    progress::Progress,
    render::{self, Artifact, Options, RENDERER_VERSION, RenderError, Rendered, Unread},
};

/// What became of a picture.
#[derive(Debug)]
pub(crate) enum Processed {
    Rendered(Box<ImageRendered>),
    Failed(Box<ImageFailed>),
}

/// Fetches, renders and stores. An error means that the object store is away; whatever is wrong with the
/// picture is a [`Processed::Failed`].
pub(crate) async fn process_upload(
    objects: &Objects,
    jobs: &Jobs,
    progress: &Progress,
    uploaded: &ImageUploaded,
) -> Result<Processed, HandleError> {
    progress.tell(uploaded, Stage::Fetching);
    let bytes = match objects.get(&uploaded.original).await {
        Ok(bytes) => bytes,
        Err(error @ ObjectError::Unavailable { .. }) => return Err(HandleError::Unavailable(error.into())),
        Err(error @ (ObjectError::NotFound { .. } | ObjectError::Corrupt { .. })) => {
            tracing::error!(image = %uploaded.image_id, %error, "the original is not to be had");
            return Ok(failed(uploaded, "original_missing", "The uploaded file is gone. Upload it again."));
        }
    };
    let link = uploaded.target_url.clone().unwrap_or_default();
    let options = Options { placement: uploaded.placement.unwrap_or_default(), ..Options::default() };
    let tell = {
        let (progress, uploaded) = (progress.clone(), uploaded.clone());
        move |stage| progress.tell(&uploaded, stage)
    };
    let rendered = jobs.render(bytes, link.clone(), options, tell).await;
    progress.tell(uploaded, Stage::Storing);
    let stored = match rendered {
        Ok(rendered) => {
            metrics::histogram!("vestnik_render_seconds").record(rendered.stages.total() as f64 / 1e6);
            store(objects, uploaded, link, rendered).await.map(|fact| Processed::Rendered(Box::new(fact)))
        }
        Err(JobError::Render(error @ RenderError::ReadBackFailed(_))) => {
            store_unread(objects, uploaded, error).await
        }
        Err(error) => {
            if let JobError::Panicked(error) = &error {
                tracing::error!(image = %uploaded.image_id, %error, "the renderer broke off");
            }
            if let JobError::TooMuchMemory { needed, budget } = &error {
                tracing::warn!(image = %uploaded.image_id, needed, budget, "the picture needs too much memory");
            }
            Ok(failed(uploaded, error.code(), &error.to_string()))
        }
    };
    stored.map_err(|error| HandleError::Unavailable(error.into()))
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
    target_url: String,
    rendered: Rendered,
) -> Result<ImageRendered, ObjectError> {
    Ok(ImageRendered {
        image_id: uploaded.image_id,
        owner_id: uploaded.owner_id,
        target_url,
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
    let name = format!("{}/{what}", uploaded.image_id);
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
