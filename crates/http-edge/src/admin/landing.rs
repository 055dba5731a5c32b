use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use events::users::Role;

use crate::{
    auth::PageUser,
    edge::Site,
    layout::{self, Frame},
    pages::AuditorPage,
    problem::Problem,
};

/// `/` of the back office: to where each role works.
pub(crate) async fn home(PageUser(caller): PageUser) -> Redirect {
    Redirect::to(match caller.user.role {
        Role::Auditor => "/dashboard/auditor",
        _ => "/dashboard/operator-chats",
    })
}

/// `/dashboard/auditor`
pub(crate) async fn auditor_page(
    State(site): State<Site>,
    PageUser(caller): PageUser,
    frame: Frame,
) -> Result<Response, Problem> {
    if !matches!(caller.user.role, Role::Auditor | Role::Admin) {
        return Ok(Redirect::to("/dashboard/operator-chats").into_response());
    }
    layout::html(&AuditorPage { layout: frame.of(Some(&caller.user), site.tail.position()) })
}
