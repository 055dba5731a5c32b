use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use events::users::Role;

use crate::{
    auth::{Caller, PageUser},
    edge::Site,
    layout::{self, Frame},
    pages::{ExecutorPage, LandingPage},
    problem::Problem,
};

/// `/` of the public site
pub(crate) async fn landing_page(
    State(site): State<Site>,
    caller: Option<Caller>,
    frame: Frame,
) -> Result<Response, Problem> {
    let user = caller.as_ref().map(|caller| &*caller.user);
    layout::html(&LandingPage { layout: frame.of(user, site.tail.position()) })
}

/// `/dashboard/executor`
pub(crate) async fn executor_page(
    State(site): State<Site>,
    PageUser(caller): PageUser,
    frame: Frame,
) -> Result<Response, Problem> {
    if caller.user.role == Role::Customer {
        return Ok(Redirect::to("/dashboard/customer").into_response());
    }
    layout::html(&ExecutorPage { layout: frame.of(Some(&caller.user), site.tail.position()) })
}
