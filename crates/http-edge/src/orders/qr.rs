//! The QR code of an order by itself, whether or not it has a picture.

use axum::{
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use events::orders::{OrderContent, OrderStatus};
use qr_code::{Code, Unfit};
use sha2::{Digest, Sha256};
use store::orders;
use uuid::Uuid;

use super::short_link;
use crate::{
    auth::Customer,
    edge::{Edge, Site},
    etag,
    images::failure_words,
    problem::{Problem, ProblemBody},
    texts::Lang,
};

/// The QR code of one's own order as PNG
///
/// At least 512 pixels a side; the same code that its picture carries.
#[utoipa::path(
    get, path = "/api/orders/{id}/qr.png", tag = "orders", params(("id" = Uuid, Path)),
    responses(
        (status = 200, description = "The code", body = Vec<u8>, content_type = "image/png"),
        (status = 304, description = "The client has it"),
        (status = 401, description = "unauthorized", body = ProblemBody),
        (status = 404, description = "not_found, also for another's order and one that was not accepted", body = ProblemBody),
        (status = 422, description = "link_too_long_for_qr", body = ProblemBody),
    )
)]
pub(crate) async fn show_order_qr_png(
    State(site): State<Site>,
    Customer(caller): Customer,
    Path(id): Path<Uuid>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    answer(&headers, "image/png", code(&site, caller.id(), id).await?.png()?)
}

/// The QR code of one's own order as SVG
///
/// One unit per module; the same code that its picture carries.
#[utoipa::path(
    get, path = "/api/orders/{id}/qr.svg", tag = "orders", params(("id" = Uuid, Path)),
    responses(
        (status = 200, description = "The code", body = String, content_type = "image/svg+xml"),
        (status = 304, description = "The client has it"),
        (status = 401, description = "unauthorized", body = ProblemBody),
        (status = 404, description = "not_found, also for another's order and one that was not accepted", body = ProblemBody),
        (status = 422, description = "link_too_long_for_qr", body = ProblemBody),
    )
)]
pub(crate) async fn show_order_qr_svg(
    State(site): State<Site>,
    Customer(caller): Customer,
    Path(id): Path<Uuid>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    answer(&headers, "image/svg+xml", code(&site, caller.id(), id).await?.svg().into_bytes())
}

/// Whether an order in this state, with this content, has a code to give away. One that was never accepted leads
/// nowhere.
pub(super) fn has_code(status: OrderStatus, content: &OrderContent) -> bool {
    was_accepted(status) && (content.track_link || Code::modules_of(&content.target_url).is_ok())
}

const fn was_accepted(status: OrderStatus) -> bool {
    match status {
        OrderStatus::Open | OrderStatus::Cancelled | OrderStatus::Expired => true,
        OrderStatus::Pending | OrderStatus::Rejected => false,
    }
}

async fn code(edge: &Edge, customer: Uuid, id: Uuid) -> Result<Code, Problem> {
    let order = orders::by_id(&mut *edge.conn().await?, customer, id).await?;
    let order = order.filter(|order| was_accepted(order.status)).ok_or_else(Problem::not_found)?;
    let link = match order.content.track_link {
        true => short_link::of(edge, id),
        false => order.content.target_url,
    };
    // A long link takes milliseconds: not on the threads that everybody's requests share.
    tokio::task::spawn_blocking(move || Code::of(&link)).await?.map_err(|unfit: Unfit| {
        let code = "link_too_long_for_qr";
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, code, failure_words(Lang::Ru, code, ""))
            .detail(unfit.to_string())
    })
}

fn answer(headers: &HeaderMap, content_type: &'static str, bytes: Vec<u8>) -> Result<Response, Problem> {
    let tag = format!("\"{}\"", hex::encode(Sha256::digest(&bytes)));
    let mut response = match etag::is_known(headers, &tag) {
        true => StatusCode::NOT_MODIFIED.into_response(),
        false => ([(header::CONTENT_TYPE, content_type)], bytes).into_response(),
    };
    let headers = response.headers_mut();
    headers.insert(header::ETAG, HeaderValue::try_from(tag)?);
    // The site may move to another address, and its codes with it.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    Ok(response)
}
