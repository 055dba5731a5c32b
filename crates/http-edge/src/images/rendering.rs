use events::{
    Outgoing, Service, derived_id,
    images::{ImageUploaded, Placement},
};
use store::images::{self, Image};
use uuid::Uuid;

use super::upload;
use crate::{auth::Caller, edge::Site, problem::Problem, trace::Trace};

/// The picture that a picture is a rendering of: itself, when it was uploaded as it is.
pub(crate) fn source_of(image: &Image) -> Uuid {
    image.source_image_id.unwrap_or(image.id)
}

/// The id of this picture's rendering with this link at this place. A picture has one rendering: with another link
/// or at another place it is another picture, of the same bytes.
pub(crate) fn rendering_of(image: &Image, link: &str, placement: Placement) -> Uuid {
    if image.target_url.as_deref() == Some(link) && image.placement == placement {
        return image.id;
    }
    let source = source_of(image).to_string();
    if placement.is_default() {
        return derived_id(&["image", &source, link]);
    }
    derived_id(&["image", &source, link, placement.corner.name(), placement.size.name()])
}

/// Sees to it that the rendering is there, or on its way; returns its id.
pub(crate) async fn ensure(
    site: &Site,
    caller: &Caller,
    image: &Image,
    link: &str,
    placement: Placement,
    trace: Trace,
) -> Result<Uuid, Problem> {
    let id = rendering_of(image, link, placement);
    if id != image.id {
        let known = images::by_id(&mut *site.conn().await?, id).await.map_err(Problem::internal)?;
        if known.is_none() {
            upload::tell(site, uploaded_again(image, id, link, placement, caller, trace)).await?;
        }
    }
    Ok(id)
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
        placement: Some(placement).filter(|placement| !placement.is_default()),
    };
    // Two requests at once are one event.
    let event_id = derived_id(&["image-uploaded", &id.to_string()]);
    let mut uploaded = Outgoing::request_with_id(event_id, Service::HttpEdge, &caller.auth(), event);
    uploaded.meta.traceparent = trace.0;
    uploaded
}
