use axum::{extract::State, response::Response};

use crate::{
    auth::PageStaff,
    bots,
    edge::{Edge, Site},
    layout::{self, Frame},
    pages::{DeskLines, Layout},
    problem::Problem,
};

/// `/dashboard/operator-chats/lines`: the part of the desk's pages that says what is wrong with the bots' lines
pub(crate) async fn lines_part(
    State(site): State<Site>,
    PageStaff(caller): PageStaff,
    frame: Frame,
) -> Result<Response, Problem> {
    let layout = frame.of(Some(&caller.user), site.tail.position());
    layout::html(&find(&site, layout).await?)
}

pub(super) async fn find(edge: &Edge, layout: Layout) -> Result<DeskLines, Problem> {
    let bots = bots::list::all(edge).await?;
    Ok(DeskLines { layout, bots: bots.into_iter().map(bots::pages::view).collect() })
}
