use std::time::Duration;

use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use serde::Deserialize;

use super::{act, beside, settled};
use crate::{
    auth::PageStaff,
    edge::Site,
    layout::{self, Frame},
    pages::PersonPart,
    problem::Problem,
};

/// How long what is asked for waits for the tables.
const PATIENCE: Duration = Duration::from_secs(2);

#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    /// The sequence of the event that has changed something.
    after: Option<u64>,
}

/// `/dashboard/users/{userId}/operator-chat/person`: what is shown of the person, and the ready answers filled in
/// for them
pub(crate) async fn person_part(
    State(site): State<Site>,
    PageStaff(caller): PageStaff,
    frame: Frame,
    Path(user_id): Path<i64>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    if let Some(after) = asked.after {
        // A chat's, or one of linked accounts and ready answers.
        settled::wait_for_any(&site, after, PATIENCE).await;
    }
    let chat = beside::find(&site, &caller, act::chat(&site, user_id).await?).await?;
    layout::html(&PersonPart { layout: frame.of(Some(&caller.user), site.tail.position()), chat })
}
