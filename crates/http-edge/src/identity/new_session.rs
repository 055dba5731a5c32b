use axum::http::HeaderMap;
use store::identity::{self, NewSession};

use crate::{
    auth::{cookie, device},
    edge::Site,
};

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
