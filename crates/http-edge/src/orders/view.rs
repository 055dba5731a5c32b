//! Orders as the pages show them.

use events::orders::{OrderStatus, Platform};
use store::{images::Image, orders::Order};

use crate::{
    images::failure_words,
    pages::{self, OrderView, PictureView},
    texts::Lang,
    wire,
};

/// An order for a page; `image` is its picture's row, if it is at hand.
pub(super) fn order(lang: Lang, order: Order, image: Option<&Image>) -> OrderView {
    let rendered = order.image_rendered;
    let picture = order.content.image_id.map(|id| {
        let url = |what: &str| rendered.then(|| format!("/media/{id}/{what}"));
        PictureView {
            image_id: id.to_string(),
            processed_url: url("processed"),
            thumbnail_url: url("thumbnail"),
            qr_png_url: url("qr.png"),
            qr_svg_url: url("qr.svg"),
            failure: image
                .and_then(|image| image.failure.as_ref())
                .map(|(code, words)| failure_words(lang, code, words)),
        }
    });
    OrderView {
        id: order.id.to_string(),
        title: order.content.title,
        description: order.content.description,
        target_url: order.content.target_url,
        amount: order.content.amount,
        country: order.content.location.country,
        region: order.content.location.region,
        city: order.content.location.city,
        deadline: order.content.deadline,
        platforms: order.content.platforms.into_iter().map(platform).collect(),
        status: status(order.status),
        picture,
        created_at: order.created_at,
        rejection: order.rejection.map(|code| wire::Rejection::from(code).code.to_owned()),
    }
}

pub(super) const fn status(status: OrderStatus) -> pages::OrderStatus {
    match status {
        OrderStatus::Pending => pages::OrderStatus::Pending,
        OrderStatus::Open => pages::OrderStatus::Open,
        OrderStatus::Rejected => pages::OrderStatus::Rejected,
        OrderStatus::Cancelled => pages::OrderStatus::Cancelled,
        OrderStatus::Expired => pages::OrderStatus::Expired,
    }
}

const fn platform(platform: Platform) -> pages::Platform {
    match platform {
        Platform::Instagram => pages::Platform::Instagram,
        Platform::Telegram => pages::Platform::Telegram,
        Platform::Vk => pages::Platform::Vk,
        Platform::Youtube => pages::Platform::Youtube,
        Platform::Tiktok => pages::Platform::Tiktok,
        Platform::Other => pages::Platform::Other,
    }
}
