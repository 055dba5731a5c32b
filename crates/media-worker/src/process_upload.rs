use std::time::Duration;

use events::{
    bus::{ObjectError, Objects, consume::HandleError},
    images::{Geometry, ImageFailed, ImageRendered, ImageUploaded, ReadBack, StoredObject},
};
use tokio::{task, time::timeout};

use crate::render::{Artifact, Options, Rendered, render};

/// What became of a picture.
#[derive(Debug)]
pub(crate) enum Processed {
    Rendered(Box<ImageRendered>),
    Failed(ImageFailed),
}

/// Far beyond what 50 megapixels take; a decoder that hangs holds one thread and one picture only.
const RENDER_TIMEOUT: Duration = Duration::from_secs(60);

/// Fetches, renders and stores. An error means that the object store is away; whatever is wrong with the
/// picture is a [`Processed::Failed`].
pub(crate) async fn process_upload(
    objects: &Objects,
    uploaded: &ImageUploaded,
) -> Result<Processed, HandleError> {
    let link = uploaded.target_url.clone().unwrap_or_default();
    let bytes = match objects.get(&uploaded.original).await {
        Ok(bytes) => bytes,
        Err(error @ ObjectError::Unavailable { .. }) => return Err(HandleError::Unavailable(error.into())),
        Err(error @ (ObjectError::NotFound { .. } | ObjectError::Corrupt { .. })) => {
            tracing::error!(image = %uploaded.image_id, %error, "the original is not to be had");
            return Ok(failed(uploaded, "original_missing", "The uploaded file is gone. Upload it again."));
        }
    };
    let target = link.clone();
    let job = task::spawn_blocking(move || render(&bytes, &target, &Options::default()));
    let rendered = match timeout(RENDER_TIMEOUT, job).await {
        Ok(Ok(Ok(rendered))) => rendered,
        Ok(Ok(Err(error))) => return Ok(failed(uploaded, error.code(), &error.to_string())),
        Ok(Err(panic)) => {
            tracing::error!(image = %uploaded.image_id, error = %panic, "the renderer broke off");
            return Ok(failed(
                uploaded,
                "renderer_failed",
                "The picture broke the renderer. Use another one.",
            ));
        }
        Err(_) => return Ok(failed(uploaded, "timed_out", "The picture took too long. Use a smaller one.")),
    };
    metrics::histogram!("vestnik_render_seconds").record(rendered.stages.total() as f64 / 1e6);
    store(objects, uploaded, link, rendered)
        .await
        .map(|fact| Processed::Rendered(Box::new(fact)))
        .map_err(|error| HandleError::Unavailable(error.into()))
}

fn failed(uploaded: &ImageUploaded, code: &str, message: &str) -> Processed {
    metrics::counter!("vestnik_images_failed_total", "code" => code.to_owned()).increment(1);
    Processed::Failed(ImageFailed {
        image_id: uploaded.image_id,
        owner_id: uploaded.owner_id,
        code: code.to_owned(),
        message: message.to_owned(),
        read_back: None,
        geometry: None,
        attempts: None,
        renderer_version: None,
        candidate: None,
    })
}

async fn store(
    objects: &Objects,
    uploaded: &ImageUploaded,
    target_url: String,
    rendered: Rendered,
) -> Result<ImageRendered, ObjectError> {
    let put = async |name: &str, artifact: &Artifact| -> Result<StoredObject, ObjectError> {
        let name = format!("{}/{name}", uploaded.image_id);
        objects.put(&name, artifact.media_type, &artifact.bytes).await
    };
    let plate = rendered.geometry.plate;
    Ok(ImageRendered {
        image_id: uploaded.image_id,
        owner_id: uploaded.owner_id,
        target_url,
        processed: put("processed", &rendered.processed).await?,
        qr_png: put("qr.png", &rendered.qr_png).await?,
        qr_svg: put("qr.svg", &rendered.qr_svg).await?,
        thumbnail: put("thumbnail", &rendered.thumbnail).await?,
        width: rendered.width,
        height: rendered.height,
        geometry: Geometry {
            x: plate.x,
            y: plate.y,
            side: plate.width,
            module: rendered.geometry.module_px,
            version: rendered.geometry.version.into(),
            error_correction: rendered.geometry.ec_level.to_string(),
            corner: None,
        },
        read_back: ReadBack {
            as_is: rendered.read_back.as_is,
            half_size: rendered.read_back.half,
            jpeg_quality_60: rendered.read_back.jpeg_q60,
            rotated5: None,
            blurred: None,
        },
        attempts: rendered.attempts,
        renderer_version: rendered.renderer_version.to_owned(),
        lossless: None,
        notes: Vec::new(),
    })
}
