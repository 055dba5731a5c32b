//! A picture with another link or another placement: a rendering of the same bytes, under a derived id.

use axum::http::{StatusCode, header::RETRY_AFTER};
use events::{
    Outgoing, Service, derived_id,
    images::{ImageUploaded, Placement},
};
use store::images::{self, Image};
use uuid::Uuid;

use super::upload;
use crate::{auth::Caller, edge::Site, problem::Problem, trace::Trace};

/// Renderings of one customer under way. Each takes seconds of a core and is kept for ever, and with `Prefer: wait=0`
/// nothing else would slow down who asks for more and more.
const MOST: i64 = 8;
/// Seconds in which some of them are surely done.
const LATER: u16 = 10;

/// Whether somebody pays for a rendering.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cost {
    /// A preview, or an order that the balance does not cover: only so many at a time.
    Free,
    /// An order that the balance covers.
    Paid,
}

/// The id of the rendering of this picture with this link and placement. It is asked for, with
/// `ImageUploaded`, when there is none yet; when it will be there nobody waits for here.
///
/// The picture is its own rendering when it was uploaded with both.
pub(crate) async fn ensure(
    site: &Site,
    caller: &Caller,
    image: &Image,
    link: &str,
    placement: Placement,
    cost: Cost,
    trace: Trace,
) -> Result<Uuid, Problem> {
    let id = id_of(image, link, placement);
    let row = images::by_id(&mut *site.conn().await?, id).await.map_err(Problem::internal)?;
    if row.is_none() {
        if cost == Cost::Free {
            admit(site, image.owner_id).await?;
        }
        upload::tell(site, uploaded_again(image, id, link, placement, caller, trace)).await?;
    }
    Ok(id)
}

/// Whether one more rendering of this customer may begin.
pub(super) async fn admit(site: &Site, owner: Uuid) -> Result<(), Problem> {
    if images::under_way(&mut *site.conn().await?, owner).await? < MOST {
        return Ok(());
    }
    let words = "Слишком много ваших картинок уже в работе. Повторите через несколько секунд";
    Err(Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many_renderings", words)
        .header(RETRY_AFTER, LATER.into()))
}

/// The picture that a picture is a rendering of: itself, when it was uploaded as it is.
pub(crate) fn source_of(image: &Image) -> Uuid {
    image.source_image_id.unwrap_or(image.id)
}

/// A picture has one rendering: with another link or placement it is another picture, of the same bytes.
pub(crate) fn id_of(image: &Image, link: &str, placement: Placement) -> Uuid {
    if image.target_url.as_deref() == Some(link) && image.placement == placement {
        return image.id;
    }
    let source = source_of(image).to_string();
    if placement.is_default() {
        // As before there was a choice, so that these renderings are found again.
        return derived_id(&["image", &source, link]);
    }
    derived_id(&["image", &source, link, placement.corner.name(), placement.size.name()])
}

fn uploaded_again(
    image: &Image,
    id: Uuid,
    link: &str,
    placement: Placement,
    caller: &Caller,
    trace: Trace,
) -> Outgoing {
    let event = ImageUploaded {
        image_id: id,
        owner_id: image.owner_id,
        original: image.original.clone(),
        width: image.width,
        height: image.height,
        target_url: Some(link.to_owned()),
        source_image_id: Some(source_of(image)),
        placement: (!placement.is_default()).then_some(placement),
    };
    // Two requests at once are one event.
    let event_id = derived_id(&["image-uploaded", &id.to_string()]);
    let mut uploaded = Outgoing::request_with_id(event_id, Service::HttpEdge, &caller.auth(), event);
    uploaded.meta.traceparent = trace.0;
    uploaded
}

#[cfg(test)]
mod tests {
    use events::images::{CodeSize, Corner, StoredObject};
    use store::images::ImageStatus;

    use super::*;

    #[test]
    fn the_id_depends_on_link_and_placement_and_on_nothing_else() {
        let picture = Image {
            id: Uuid::from_u128(1),
            owner_id: Uuid::from_u128(2),
            source_image_id: None,
            target_url: Some("https://example.org/a".into()),
            placement: Placement::default(),
            status: ImageStatus::Uploaded,
            width: 300,
            height: 300,
            original: StoredObject::sample(),
            processed: None,
            qr_png: None,
            qr_svg: None,
            thumbnail: None,
            notes: Vec::new(),
            failure: None,
            candidate: None,
        };
        let usual = Placement::default();
        let chosen = Placement { corner: Corner::UpperLeft, size: CodeSize::Normal };
        assert_eq!(id_of(&picture, "https://example.org/a", usual), picture.id, "itself");
        let other = id_of(&picture, "https://example.org/b", usual);
        // Sealed: renderings made before there was a choice keep their ids.
        assert_eq!(other, derived_id(&["image", &picture.id.to_string(), "https://example.org/b"]));
        let moved = id_of(&picture, "https://example.org/a", chosen);
        let both = id_of(&picture, "https://example.org/b", chosen);
        assert!(moved != picture.id && both != other && moved != both);

        let rendering = Image {
            id: both,
            source_image_id: Some(picture.id),
            target_url: Some("https://example.org/b".into()),
            placement: chosen,
            ..picture.clone()
        };
        assert_eq!(id_of(&rendering, "https://example.org/b", chosen), both, "itself");
        assert_eq!(id_of(&rendering, "https://example.org/b", usual), other, "by its source");
    }
}
