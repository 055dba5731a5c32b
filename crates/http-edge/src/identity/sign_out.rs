use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use store::identity;

use crate::{
    auth::{CallerCache, cookie},
    edge::Site,
    problem::Problem,
};

/// Sign out
#[utoipa::path(
    post, path = "/api/auth/signout", tag = "identity",
    responses((status = 204, description = "There is no session any more"))
)]
pub(crate) async fn sign_out(State(site): State<Site>, headers: HeaderMap) -> Result<Response, Problem> {
    end(&site, &headers).await?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie::end(&site))]).into_response())
}

/// `POST /auth/signout`
pub(crate) async fn sign_out_form(State(site): State<Site>, headers: HeaderMap) -> Result<Response, Problem> {
    end(&site, &headers).await?;
    let cookie = [(header::SET_COOKIE, cookie::end(&site))];
    Ok((cookie, Redirect::to("/auth/signin?notice=signed-out")).into_response())
}

async fn end(site: &Site, headers: &HeaderMap) -> Result<(), Problem> {
    let Some(secret) = cookie::session(headers, site) else { return Ok(()) };
    let hash = identity::secret_hash(secret);
    let relay = site.relay.clone();
    tokio::spawn(async move { identity::end_session(&relay, hash).await }).await??;
    // This instance knows it at once, the others hear of it on their tails.
    site.callers.forget(&CallerCache::key(hash, site.listener));
    Ok(())
}
