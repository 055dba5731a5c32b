//! Cookies: one for the session, by a name of its own per listener since cookies do not tell ports apart,
//! and a few preferences.

use axum::http::{HeaderMap, HeaderValue, header};
use events::users::Listener;
use store::identity;

use crate::edge::Site;

/// The session cookie's name: with the `__Host-` prefix under https, so that no other host can plant it.
pub(crate) fn name(site: &Site) -> &'static str {
    match (site.listener, site.is_https()) {
        (Listener::Public, false) => "vestnik_session",
        (Listener::Public, true) => "__Host-vestnik_session",
        (Listener::Backoffice, false) => "vestnik_staff",
        (Listener::Backoffice, true) => "__Host-vestnik_staff",
    }
}

/// The value of a cookie.
pub(crate) fn value<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|header| header.to_str().ok())
        .flat_map(|header| header.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(found, _)| *found == name)
        .map(|(_, value)| value)
}

/// The session cookie's value on this listener.
pub(crate) fn session<'h>(headers: &'h HeaderMap, site: &Site) -> Option<&'h str> {
    value(headers, name(site)).filter(|value| !value.is_empty())
}

/// `Set-Cookie` for a session that has begun.
pub(crate) fn begin(site: &Site, secret: &str) -> HeaderValue {
    set(site, secret, identity::ABSOLUTE.as_secs())
}

/// `Set-Cookie` that takes the session's cookie away.
pub(crate) fn end(site: &Site) -> HeaderValue {
    set(site, "", 0)
}

/// `Set-Cookie` for a preference, which scripts may read.
pub(crate) fn preference(name: &str, value: &str) -> HeaderValue {
    header_value(format!("{name}={value}; Path=/; Max-Age=31536000; SameSite=Lax"))
}

fn set(site: &Site, value: &str, seconds: i64) -> HeaderValue {
    let secure = if site.is_https() { "; Secure" } else { "" };
    let name = name(site);
    header_value(format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}"))
}

fn header_value(text: String) -> HeaderValue {
    // Names and values are ours: letters, digits and hyphens.
    HeaderValue::try_from(text).unwrap_or_else(|_| HeaderValue::from_static(""))
}
