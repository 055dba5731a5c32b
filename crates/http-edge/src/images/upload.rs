use axum::{
    Json,
    extract::{
        FromRequest, Multipart, Request, State,
        multipart::{Field, MultipartError},
    },
    http::StatusCode,
};
use bytes::{Bytes, BytesMut};
use events::{
    Outgoing, Service,
    images::{ImageUploaded, Placement, limits},
    orders::rules,
};
use serde::Serialize;
use store::images;
use tokio::{task, time::timeout};
use utoipa::ToSchema;
use uuid::Uuid;

pub(crate) use super::pace::paced;
use super::{
    inspect::inspect,
    pace::TooSlow,
    placement::Choice,
    rendering,
    turn::{Turn, Turns},
};
use crate::{
    auth::{Caller, Customer},
    edge::Site,
    problem::{FieldProblem, Problem, ProblemBody},
    trace::Trace,
};

/// Bytes of a picture, at the most.
pub(crate) const LIMIT: usize = limits::MOST_BYTES as usize;
/// A request's bytes: the picture and what the form puts around it.
pub(crate) const REQUEST_LIMIT: usize = LIMIT + 256 * 1024;

/// A file that came in, within the limit. It has its turn until it is dropped, that is until it is stored.
#[derive(Debug)]
pub(crate) struct Upload {
    bytes: Bytes,
    /// `None` for an empty one.
    _turn: Option<Turn>,
}

#[derive(Debug, ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "only its schema is used")]
pub(crate) struct NewImage {
    /// JPEG, PNG or WebP up to 20 MiB and 50 megapixels.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    /// The link of the QR code; without it the picture waits for `POST /api/images/process`.
    target_url: Option<String>,
    /// Where the code goes: `lower_right` (when absent), `lower_left`, `upper_right`, `upper_left`.
    corner: Option<String>,
    /// How large the code is: `normal` (when absent), `large`, `largest`.
    size: Option<String>,
}

/// What the form says.
#[derive(Debug, Default)]
struct NewImageForm {
    file: Option<Upload>,
    target_url: Option<String>,
    choice: Choice,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ImageBody {
    pub(crate) image_id: Uuid,
    image_url: String,
    /// Pixels, before EXIF orientation.
    width: u32,
    height: u32,
}

/// Upload a picture
#[utoipa::path(
    post, path = "/api/images", tag = "images",
    request_body(content = NewImage, content_type = "multipart/form-data"),
    responses(
        (status = 201, description = "Stored", body = ImageBody),
        (status = 400, description = "missing_fields", body = ProblemBody),
        (status = 401, description = "unauthorized", body = ProblemBody),
        (status = 413, description = "too_large", body = ProblemBody),
        (status = 415, description = "unsupported_image", body = ProblemBody),
        (status = 422, description = "invalid_image, too_many_pixels, side_too_long, invalid_fields", body = ProblemBody),
        (status = 429, description = "too_many_renderings, with Retry-After", body = ProblemBody),
    )
)]
pub(crate) async fn upload_image(
    State(site): State<Site>,
    Customer(caller): Customer,
    trace: Trace,
    request: Request,
) -> Result<(StatusCode, Json<ImageBody>), Problem> {
    let reading = timeout(site.upload_time, read(&site, caller.id(), request));
    let NewImageForm { file, target_url, choice } = reading.await.map_err(|_| too_slow())??;
    let file = file
        .filter(|file| !file.is_empty())
        .ok_or_else(|| Problem::fields(vec![FieldProblem::new("file", "required")]))?;
    let target_url = match target_url.filter(|url| !url.trim().is_empty()) {
        Some(url) => Some(read_target(&url)?),
        None => None,
    };
    let placement = choice.read().map_err(Problem::fields)?;
    if target_url.is_some() {
        rendering::admit(&site, caller.id()).await?;
    }
    let image = keep(&site, &caller, file, target_url, placement, trace).await?;
    Ok((StatusCode::CREATED, Json(image)))
}

pub(crate) fn too_slow() -> Problem {
    Problem::new(StatusCode::REQUEST_TIMEOUT, "too_slow", "Картинка передавалась слишком долго. Повторите")
}

async fn read(site: &Site, customer: Uuid, request: Request) -> Result<NewImageForm, Problem> {
    let mut multipart = Multipart::from_request(paced(request), site)
        .await
        .map_err(|rejection| Problem::of_status(rejection.status()).detail(rejection.body_text()))?;
    let mut form = NewImageForm::default();
    while let Some(field) = multipart.next_field().await.map_err(refused)? {
        match field.name() {
            Some("file") => {
                // The one before gives back its turn.
                form.file = None;
                form.file = Some(Upload::read(&site.uploads, customer, field).await?);
            }
            Some("targetUrl") => form.target_url = Some(field.text().await.map_err(refused)?),
            Some("corner") => form.choice.corner = Some(field.text().await.map_err(refused)?),
            Some("size") => form.choice.size = Some(field.text().await.map_err(refused)?),
            _ => {}
        }
    }
    Ok(form)
}

/// Stores the bytes and tells of them.
pub(crate) async fn keep(
    site: &Site,
    caller: &Caller,
    upload: Upload,
    target_url: Option<String>,
    placement: Placement,
    trace: Trace,
) -> Result<ImageBody, Problem> {
    let bytes = upload.bytes.clone();
    let header = task::spawn_blocking(move || inspect(&bytes)).await??;
    let image_id = Uuid::now_v7();
    let original =
        site.media.put(&format!("{image_id}/original"), header.content_type, &upload.bytes).await?;
    drop(upload);
    let event = ImageUploaded {
        image_id,
        owner_id: caller.id(),
        original,
        width: header.width,
        height: header.height,
        target_url,
        source_image_id: None,
        placement: (!placement.is_default()).then_some(placement),
    };
    let mut uploaded = Outgoing::request(Service::HttpEdge, &caller.auth(), event);
    uploaded.meta.traceparent = trace.0;
    tell(site, uploaded).await?;
    Ok(ImageBody {
        image_id,
        image_url: format!("/media/{image_id}/original"),
        width: header.width,
        height: header.height,
    })
}

/// A task of its own: a client that goes away must not leave the commit half done.
pub(super) async fn tell(site: &Site, uploaded: Outgoing) -> Result<(), Problem> {
    let relay = site.relay.clone();
    let done = tokio::spawn(async move { images::record(&relay, uploaded).await }).await?;
    done.map_err(Problem::internal)
}

/// A link that a QR code may carry.
pub(super) fn read_target(url: &str) -> Result<String, Problem> {
    rules::target_url(url)
        .map_err(|fault| Problem::fields(vec![FieldProblem::new("targetUrl", fault.code())]))
}

/// What the framework did not take of a form.
#[expect(clippy::needless_pass_by_value, reason = "made for map_err")]
pub(crate) fn refused(error: MultipartError) -> Problem {
    let mut cause: Option<&dyn std::error::Error> = Some(&error);
    while let Some(error) = cause {
        if error.is::<TooSlow>() {
            return too_slow();
        }
        cause = error.source();
    }
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::too_large("the request is larger than a picture may be"),
        _ => Problem::bad_request(error.body_text()),
    }
}

impl Upload {
    /// Reads a file's bytes as they come, and stops at the limit. Its turn begins after the first of them: a form
    /// without a picture needs none.
    pub(crate) async fn read(turns: &Turns, customer: Uuid, mut field: Field<'_>) -> Result<Self, Problem> {
        let mut bytes = BytesMut::new();
        let mut turn = None;
        while let Some(chunk) = field.chunk().await.map_err(refused)? {
            if turn.is_none() && !chunk.is_empty() {
                turn = Some(turns.take(customer).await?);
            }
            if bytes.len() + chunk.len() > LIMIT {
                return Err(Problem::too_large("a picture may have 20 MiB"));
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(Self { bytes: bytes.freeze(), _turn: turn })
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }
}
