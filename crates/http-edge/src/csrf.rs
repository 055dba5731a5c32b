//! Requests that another site makes a browser send are refused.
//!
//! A browser says where a request comes from: in `Sec-Fetch-Site`, older ones in `Origin`. A request that
//! carries a session cookie must say so; one that carries none can only be refused when it says that it is
//! foreign. Bearer tokens are not sent by browsers on their own, so they need no such proof.

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderName, Method, StatusCode, header},
};
use events::users::Listener;
use url::Url;

use crate::{auth, edge::Site, problem::Problem};

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
/// Open to every origin by contract; it takes no cookie.
const OPEN: &str = "/api/chat-message";

pub(crate) fn check(site: &Site, request: &Request) -> Result<(), Problem> {
    let headers = request.headers();
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if safe || request.uri().path() == OPEN || headers.contains_key(header::AUTHORIZATION) {
        return Ok(());
    }
    match same_origin(headers, known_address(site.listener, site.base_url.as_ref())) {
        Some(true) => Ok(()),
        None if auth::cookie::session(headers, site).is_none() => Ok(()),
        Some(false) | None => {
            Err(Problem::new(StatusCode::FORBIDDEN, "cross_origin", "Запрос пришёл с другого сайта")
                .detail("an unsafe request with a cookie must be same-origin: Sec-Fetch-Site, else Origin"))
        }
    }
}

/// What the outside world calls this site: only the public one is told. A page of the public site is foreign
/// in the back office.
const fn known_address(listener: Listener, base_url: Option<&Url>) -> Option<&Url> {
    match listener {
        Listener::Public => base_url,
        Listener::Backoffice => None,
    }
}

/// Whether the request says that it comes from this site; `None` when it says nothing.
fn same_origin(headers: &HeaderMap, base_url: Option<&Url>) -> Option<bool> {
    if let Some(fetch_site) = headers.get(SEC_FETCH_SITE) {
        // `none`: the person did it, not a page.
        return Some(fetch_site == "same-origin" || fetch_site == "none");
    }
    let origin = headers.get(header::ORIGIN)?.to_str().unwrap_or_default();
    let Ok(origin) = Url::parse(origin) else { return Some(false) };
    if base_url.is_some_and(|base| base.origin() == origin.origin()) {
        return Some(true);
    }
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    Some(authority(&origin).is_some_and(|authority| authority.eq_ignore_ascii_case(host)))
}

/// `host[:port]` without the scheme's own port, as browsers write `Host`.
fn authority(url: &Url) -> Option<String> {
    let host = url.host_str()?;
    Some(url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn fetch_metadata_decides_before_the_origin() {
        let own = ("origin", "http://localhost:3000");
        let host = ("host", "localhost:3000");
        let of = |pairs: &[_]| same_origin(&headers(pairs), None);
        assert_eq!(of(&[("sec-fetch-site", "same-origin")]), Some(true));
        assert_eq!(of(&[("sec-fetch-site", "none")]), Some(true));
        assert_eq!(
            of(&[("sec-fetch-site", "same-site"), own, host]),
            Some(false),
            "another port of the host"
        );
        assert_eq!(of(&[("sec-fetch-site", "cross-site"), own, host]), Some(false));
        assert_eq!(of(&[own, host]), Some(true));
        assert_eq!(of(&[own, ("host", "localhost:3001")]), Some(false), "the other listener");
        assert_eq!(of(&[("origin", "null"), host]), Some(false));
        assert_eq!(of(&[host]), None);
    }

    #[test]
    fn behind_a_proxy_the_known_address_counts() {
        let base = Url::parse("https://vestnik.example").unwrap();
        let asked = headers(&[("origin", "https://vestnik.example"), ("host", "10.0.0.7:3000")]);
        assert_eq!(same_origin(&asked, Some(&base)), Some(true));
        assert_eq!(same_origin(&asked, None), Some(false));
        let public = known_address(Listener::Public, Some(&base));
        let backoffice = known_address(Listener::Backoffice, Some(&base));
        assert_eq!(same_origin(&asked, public), Some(true));
        assert_eq!(same_origin(&asked, backoffice), Some(false), "the public site's page is foreign there");
    }
}
