use axum::{
    Json,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use store::{
    identity::{self, NewSession},
    users::User,
};

use super::next::next;
use crate::{
    auth::{cookie, device},
    edge::Site,
    wire::SignedIn,
};

/// Somebody whose session has begun, and its secret.
#[derive(Debug)]
pub(super) struct Begun {
    pub(super) user: User,
    pub(super) secret: String,
}

impl Begun {
    /// A program is told who it is.
    pub(super) fn answer(&self, site: &Site, status: StatusCode) -> Response {
        let body = Json(SignedIn { user: (&self.user).into() });
        (status, self.cookie(site), body).into_response()
    }

    /// A browser goes on to where it wanted to.
    pub(super) fn go_on(&self, site: &Site, asked: Option<&str>) -> Response {
        let to = next(asked, site.listener, self.user.role);
        (self.cookie(site), Redirect::to(&to)).into_response()
    }

    fn cookie(&self, site: &Site) -> [(header::HeaderName, header::HeaderValue); 1] {
        [(header::SET_COOKIE, cookie::begin(site, &self.secret))]
    }
}

/// A session to be begun for this request, and its secret, which is the cookie's value. It replaces the one
/// that the browser has.
pub(super) fn new_session(site: &Site, headers: &HeaderMap) -> (NewSession, String) {
    let secret = identity::new_secret();
    let session = NewSession {
        token_hash: identity::secret_hash(&secret),
        listener: site.listener,
        replaces: cookie::session(headers, site).map(identity::secret_hash),
        device: device(headers),
    };
    (session, secret)
}
