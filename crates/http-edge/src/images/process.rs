use std::time::Duration;

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use events::{
    LogEvent,
    images::{ImageEvent, Placement},
    orders::rules,
};
use serde::{Deserialize, Serialize};
use store::images::{self, Image, ImageStatus};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{failure_words, image_of_url, placement::Choice, rendering};
use crate::{
    auth::Customer,
    edge::Site,
    extract,
    extract::Field,
    orders::short_link,
    problem::{FieldProblem, Problem, ProblemBody},
    texts::Lang,
    trace::Trace,
};

/// How long an answer waits for the media worker.
const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Input {
    image_url: Field<String>,
    image_id: Field<Uuid>,
    target_url: Field<String>,
    corner: Field<String>,
    size: Field<String>,
    track_link: Field<bool>,
    order_key: Field<String>,
}

/// What is asked for, read.
struct Asked {
    image: Uuid,
    link: Link,
    placement: Placement,
}

/// What the code is to carry.
enum Link {
    Target(String),
    /// The short link of the order that will be made with this idempotency key.
    OfOrder(String),
}

/// The body of `POST /api/images/process`, for the documentation alone.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "only its schema is used")]
pub(crate) struct NewRendering {
    /// Either this ...
    image_id: Option<Uuid>,
    /// ... or `/media/<id>/original` or `/media/<id>/processed`: only pictures stored here.
    image_url: Option<String>,
    /// May be missing when `trackLink` is true.
    target_url: Option<String>,
    /// `lower_right` when missing, `lower_left`, `upper_right` or `upper_left`.
    corner: Option<String>,
    /// `normal` when missing, `large` or `largest`.
    size: Option<String>,
    /// Put the short link of the order that `orderKey` will make into the code, instead of `targetUrl` itself.
    track_link: Option<bool>,
    /// The `Idempotency-Key` that the order will be created with.
    order_key: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RenderedBody {
    /// Another one than asked for, when that one carries another link.
    image_id: Uuid,
    processed_image_url: String,
    qr_code_url: String,
    thumbnail_url: String,
    /// What to know of the result: `first_frame`, `scaled_up`, `converted_from_cmyk`, `reduced_to_8_bits`.
    notes: Vec<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RenderingBody {
    image_id: Uuid,
    /// `processing`
    status: &'static str,
}

enum Outcome {
    /// The notes of `ImageRendered`.
    Rendered(Vec<String>),
    /// The code and the words of `ImageFailed`.
    Failed(String, String),
}

/// Put a QR code on a picture
#[utoipa::path(
    post, path = "/api/images/process", tag = "images", request_body = NewRendering,
    params(("Prefer" = Option<String>, Header, description = "`wait=0` answers at once; RFC 7240")),
    responses(
        (status = 200, description = "Rendered, and read back", body = RenderedBody),
        (status = 202, description = "It takes longer than 10 s; ask again", body = RenderingBody),
        (status = 400, description = "missing_fields", body = ProblemBody),
        (status = 401, description = "unauthorized", body = ProblemBody),
        (status = 404, description = "not_found, also for another's picture", body = ProblemBody),
        (status = 422, description = "invalid_fields, image_failed", body = ProblemBody),
        (status = 429, description = "too_many_renderings, with Retry-After", body = ProblemBody),
    )
)]
pub(crate) async fn process_image(
    State(site): State<Site>,
    Customer(caller): Customer,
    trace: Trace,
    headers: HeaderMap,
    extract::Json(input): extract::Json<Input>,
) -> Result<Response, Problem> {
    let asked = read(input)?;
    let image = images::by_id(&mut *site.conn().await?, asked.image).await.map_err(Problem::internal)?;
    let image = image.filter(|image| image.owner_id == caller.id()).ok_or_else(Problem::not_found)?;
    let link = match asked.link {
        Link::Target(url) => url,
        Link::OfOrder(key) => short_link::of_key(&site, caller.id(), &key),
    };
    let mut waiter = site.tail.waiter(rendering::id_of(&image, &link, asked.placement));
    let id = rendering::ensure(&site, &caller, &image, &link, asked.placement, rendering::Cost::Free, trace)
        .await?;
    // An outcome from before is in the row, a later one is heard by the waiter.
    let row = images::by_id(&mut *site.conn().await?, id).await.map_err(Problem::internal)?;
    let outcome = match row.as_ref().and_then(outcome) {
        Some(outcome) => Some(outcome),
        None => {
            waiter
                .wait(patience(&headers), |recorded| match &recorded.event {
                    LogEvent::Image(ImageEvent::ImageRendered(event)) => {
                        Some(Outcome::Rendered(event.notes.clone()))
                    }
                    LogEvent::Image(ImageEvent::ImageFailed(event)) => {
                        Some(Outcome::Failed(event.code.clone(), event.message.clone()))
                    }
                    _ => None,
                })
                .await
        }
    };
    match outcome {
        Some(Outcome::Rendered(notes)) => Ok(Json(RenderedBody {
            image_id: id,
            processed_image_url: format!("/media/{id}/processed"),
            qr_code_url: format!("/media/{id}/qr.png"),
            thumbnail_url: format!("/media/{id}/thumbnail"),
            notes,
        })
        .into_response()),
        Some(Outcome::Failed(code, message)) => Err(Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "image_failed",
            failure_words(Lang::Ru, &code, &message),
        )
        .detail(message)
        .with("reason", code)),
        None => {
            let body = RenderingBody { image_id: id, status: "processing" };
            Ok((StatusCode::ACCEPTED, Json(body)).into_response())
        }
    }
}

fn read(input: Input) -> Result<Asked, Problem> {
    let image = match (input.image_id, input.image_url) {
        (Field::Given(id), _) => Ok(id),
        (Field::Wrong, _) => Err(("imageId", "invalid")),
        (Field::Missing, url) => url
            .required()
            .and_then(|url| if url.is_empty() { Err("required") } else { Ok(url) })
            .and_then(|url| image_of_url(&url).ok_or("invalid"))
            .map_err(|code| ("imageUrl", code)),
    };
    let link = if input.track_link.given().unwrap_or_default() {
        input.order_key.required().map(Link::OfOrder).map_err(|code| ("orderKey", code))
    } else {
        let target = input.target_url.required();
        let target = target.and_then(|url| rules::target_url(&url).map_err(rules::Fault::code));
        target.map(Link::Target).map_err(|code| ("targetUrl", code))
    };
    let placement = placement(input.corner, input.size);
    match (image, link, placement) {
        (Ok(image), Ok(link), Ok(placement)) => Ok(Asked { image, link, placement }),
        (image, link, placement) => {
            let wrong = [image.err(), link.err()].into_iter().flatten();
            let wrong = wrong.map(|(field, code)| FieldProblem::new(field, code));
            Err(Problem::fields(wrong.chain(placement.err().unwrap_or_default()).collect()))
        }
    }
}

fn placement(corner: Field<String>, size: Field<String>) -> Result<Placement, Vec<FieldProblem>> {
    let text = |field: Field<String>, name| field.optional().map_err(|code| FieldProblem::new(name, code));
    match (text(corner, "corner"), text(size, "size")) {
        (Ok(corner), Ok(size)) => Choice { corner, size }.read(),
        (corner, size) => Err([corner.err(), size.err()].into_iter().flatten().collect()),
    }
}

/// `Prefer: wait=<seconds>` (RFC 7240, section 4.3): a client may be told sooner that it takes longer.
fn patience(headers: &HeaderMap) -> Duration {
    let preferences = headers.get_all("prefer").iter().filter_map(|value| value.to_str().ok());
    let asked = preferences
        .flat_map(|value| value.split([',', ';']))
        .find_map(|preference| preference.trim().strip_prefix("wait=")?.parse().ok());
    asked.map_or(PATIENCE, Duration::from_secs).min(PATIENCE)
}

fn outcome(image: &Image) -> Option<Outcome> {
    match image.status {
        ImageStatus::Uploaded => None,
        ImageStatus::Rendered => Some(Outcome::Rendered(image.notes.clone())),
        ImageStatus::Failed => {
            let (code, message) = image.failure.clone().unwrap_or_default();
            Some(Outcome::Failed(code, message))
        }
    }
}
