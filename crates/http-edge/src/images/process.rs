use std::time::Duration;

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use events::{
    LogEvent, Outgoing, Service, derived_id,
    images::{ImageEvent, ImageUploaded},
};
use serde::{Deserialize, Serialize};
use store::images::{self, Image, ImageStatus};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{failure_words, image_of_url, upload};
use crate::{
    auth::{Caller, Customer},
    edge::Site,
    extract,
    extract::Field,
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
    target_url: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RenderedBody {
    /// Another one than asked for, when that one carries another link.
    image_id: Uuid,
    processed_image_url: String,
    qr_code_url: String,
    thumbnail_url: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RenderingBody {
    image_id: Uuid,
    /// `processing`
    status: &'static str,
}

enum Outcome {
    Rendered,
    /// The code and the words of `ImageFailed`.
    Failed(String, String),
}

/// Put a QR code on a picture
#[utoipa::path(
    post, path = "/api/images/process", tag = "images", request_body = NewRendering,
    responses(
        (status = 200, description = "Rendered, and read back", body = RenderedBody),
        (status = 202, description = "It takes longer than 10 s; ask again", body = RenderingBody),
        (status = 400, description = "missing_fields", body = ProblemBody),
        (status = 401, description = "unauthorized", body = ProblemBody),
        (status = 404, description = "not_found, also for another's picture", body = ProblemBody),
        (status = 422, description = "invalid_fields, image_failed", body = ProblemBody),
    )
)]
pub(crate) async fn process_image(
    State(site): State<Site>,
    Customer(caller): Customer,
    trace: Trace,
    extract::Json(input): extract::Json<Input>,
) -> Result<Response, Problem> {
    let (asked, target_url) = read(input)?;
    let image = images::by_id(&mut *site.conn().await?, asked).await.map_err(Problem::internal)?;
    let image = image.filter(|image| image.owner_id == caller.id()).ok_or_else(Problem::not_found)?;
    let id = rendering_of(&image, &target_url);
    let mut waiter = site.tail.waiter(id);
    // Only now: an outcome from here on is either in the row or heard by the waiter.
    let row = images::by_id(&mut *site.conn().await?, id).await.map_err(Problem::internal)?;
    let known = row.as_ref().and_then(outcome);
    if row.is_none() {
        upload::tell(&site, uploaded_again(image, id, target_url, &caller, trace)).await?;
    }
    let outcome = match known {
        Some(outcome) => Some(outcome),
        None => {
            waiter
                .wait(PATIENCE, |recorded| match &recorded.event {
                    LogEvent::Image(ImageEvent::ImageRendered(_)) => Some(Outcome::Rendered),
                    LogEvent::Image(ImageEvent::ImageFailed(event)) => {
                        Some(Outcome::Failed(event.code.clone(), event.message.clone()))
                    }
                    _ => None,
                })
                .await
        }
    };
    match outcome {
        Some(Outcome::Rendered) => Ok(Json(RenderedBody {
            image_id: id,
            processed_image_url: format!("/media/{id}/processed"),
            qr_code_url: format!("/media/{id}/qr.png"),
            thumbnail_url: format!("/media/{id}/thumbnail"),
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

fn read(input: Input) -> Result<(Uuid, String), Problem> {
    let image = match (input.image_id, input.image_url) {
        (Field::Given(id), _) => Ok(id),
        (Field::Wrong, _) => Err(("imageId", "invalid")),
        (Field::Missing, url) => url
            .required()
            .and_then(|url| if url.is_empty() { Err("required") } else { Ok(url) })
            .and_then(|url| image_of_url(&url).ok_or("invalid"))
            .map_err(|code| ("imageUrl", code)),
    };
    let target =
        input.target_url.required().map_err(|code| ("targetUrl", code)).and_then(|url| {
            events::orders::rules::target_url(&url).map_err(|fault| ("targetUrl", fault.code()))
        });
    match (image, target) {
        (Ok(image), Ok(target)) => Ok((image, target)),
        (image, target) => Err(Problem::fields(
            [image.err(), target.err()]
                .into_iter()
                .flatten()
                .map(|(field, code)| FieldProblem::new(field, code))
                .collect(),
        )),
    }
}

/// A picture has one rendering: with another link it is another picture, of the same bytes.
fn rendering_of(image: &Image, target_url: &str) -> Uuid {
    if image.target_url.as_deref() == Some(target_url) {
        return image.id;
    }
    let source = image.source_image_id.unwrap_or(image.id);
    derived_id(&["image", &source.to_string(), target_url])
}

fn uploaded_again(image: Image, id: Uuid, target_url: String, caller: &Caller, trace: Trace) -> Outgoing {
    let event = ImageUploaded {
        image_id: id,
        owner_id: image.owner_id,
        original: image.original,
        width: image.width,
        height: image.height,
        target_url: Some(target_url),
        source_image_id: Some(image.source_image_id.unwrap_or(image.id)),
        placement: None,
    };
    // Two requests at once are one event.
    let event_id = derived_id(&["image-uploaded", &id.to_string()]);
    let mut uploaded = Outgoing::request_with_id(event_id, Service::HttpEdge, &caller.auth(), event);
    uploaded.meta.traceparent = trace.0;
    uploaded
}

fn outcome(image: &Image) -> Option<Outcome> {
    match image.status {
        ImageStatus::Uploaded => None,
        ImageStatus::Rendered => Some(Outcome::Rendered),
        ImageStatus::Failed => {
            let (code, message) = image.failure.clone().unwrap_or_default();
            Some(Outcome::Failed(code, message))
        }
    }
}
