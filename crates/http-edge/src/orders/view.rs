//! Orders as the pages show them.

use events::{
    Meta,
    orders::{OrderContent, OrderRequested, OrderStatus, short_code},
};
use jiff::Timestamp;
use store::{images::Image, orders::Order};
use uuid::Uuid;

use super::qr::has_code;
use crate::{
    images::{failure_words, note_words},
    pages::{OrderView, PictureView, QrView},
    texts::Lang,
    wire,
};

/// An order for a page; `image` is its picture's row, if it is at hand.
pub(crate) fn order(lang: Lang, order: Order, image: Option<&Image>) -> OrderView {
    let rendered = order.image_rendered;
    let picture = order.content.image_id.map(|id| {
        let url = |what: &str| rendered.then(|| format!("/media/{id}/{what}"));
        PictureView {
            image_id: id.to_string(),
            processed_url: url("processed"),
            thumbnail_url: url("thumbnail"),
            notes: image.map(|image| note_words(lang, &image.notes)).unwrap_or_default(),
            failed_url: image
                .filter(|image| image.candidate.is_some())
                .map(|image| format!("/media/{}/failed", image.id)),
            failure: image
                .and_then(|image| image.failure.as_ref())
                .map(|(code, words)| failure_words(lang, code, words)),
        }
    });
    OrderView {
        picture,
        version: order.version,
        rejection: order.rejection.map(|code| wire::Rejection::from(code).code.to_owned()),
        ..of_content(order.id, order.content, order.status, order.created_at)
    }
}

/// An order that is not decided yet.
pub(super) fn pending(event: OrderRequested, meta: &Meta) -> OrderView {
    let picture =
        event.content.image_id.map(|id| PictureView { image_id: id.to_string(), ..PictureView::default() });
    OrderView { picture, ..of_content(event.order_id, event.content, OrderStatus::Pending, meta.time) }
}

/// What the customer asked for, without what became of it.
fn of_content(id: Uuid, content: OrderContent, status: OrderStatus, created_at: Timestamp) -> OrderView {
    OrderView {
        id: id.to_string(),
        short_path: content.track_link.then(|| format!("/q/{}", short_code(id))),
        qr: has_code(status, &content)
            .then(|| QrView { file: format!("qr-{}", short_code(id)), path: format!("/api/orders/{id}/qr") }),
        title: content.title,
        description: content.description,
        target_url: content.target_url,
        amount: content.amount,
        country: content.location.country,
        region: content.location.region,
        city: content.location.city,
        deadline: content.deadline,
        platforms: content.platforms,
        status,
        version: 0,
        picture: None,
        created_at,
        rejection: None,
    }
}
