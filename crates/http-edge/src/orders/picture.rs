//! The picture of an order to be: the customer names one, and the order shows its rendering with the order's own
//! link.

use events::{images::Placement, orders::OrderContent};
use store::{
    accounts,
    images::{self, Image, ImageStatus},
};
use uuid::Uuid;

use super::short_link;
use crate::{
    auth::Caller,
    edge::Site,
    images::rendering::{Cost, ensure, id_of, source_of},
    problem::Problem,
    trace::Trace,
};

/// A rendering that an order will show.
#[derive(Debug)]
pub(super) struct Rendering {
    image: Image,
    link: String,
    placement: Placement,
}

/// Settles which link the code carries, and names in `content` the rendering that carries it. `track` is the
/// customer's choice; without one the link is a short one, unless the picture carries the target itself already.
///
/// A picture that is not there, or another's, stays as it was named: the order worker says so, as it does of one that
/// failed.
pub(super) async fn choose(
    site: &Site,
    customer: Uuid,
    order: Uuid,
    content: &mut OrderContent,
    track: Option<bool>,
) -> Result<Option<Rendering>, Problem> {
    let image = match content.image_id {
        Some(id) => images::by_id(&mut *site.conn().await?, id).await.map_err(Problem::internal)?,
        None => None,
    };
    let image = image.filter(|image| image.owner_id == customer);
    let carries_target =
        image.as_ref().is_some_and(|image| image.target_url.as_deref() == Some(&content.target_url));
    content.track_link = track.unwrap_or(!carries_target);
    let Some(image) = image else { return Ok(None) };
    let link = if content.track_link { short_link::of(site, order) } else { content.target_url.clone() };
    let placement = image.placement;
    let (source, rendering) = (source_of(&image), id_of(&image, &link, placement));
    content.image_id = Some(rendering);
    content.source_image_id = Some(source).filter(|source| *source != rendering);
    // Only what may still succeed is worth a rendering; the wish is the same one either way.
    let worth = image.status != ImageStatus::Failed;
    Ok(worth.then_some(Rendering { image, link, placement }))
}

impl Rendering {
    /// Sees to it that the media worker has it to do, or has done it.
    /// `amount` is the order's, in kopecks.
    pub(super) async fn order(
        self,
        site: &Site,
        caller: &Caller,
        amount: i64,
        trace: Trace,
    ) -> Result<(), Problem> {
        let balance = accounts::balance(&mut *site.conn().await?, caller.id()).await?;
        let cost = if balance.available >= amount { Cost::Paid } else { Cost::Free };
        ensure(site, caller, &self.image, &self.link, self.placement, cost, trace).await.map(|_| ())
    }
}
