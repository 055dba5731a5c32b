//! Entity tags (RFC 9110, 8.8.3): what a client has need not be sent again.

use axum::http::{HeaderMap, header};

/// Whether the client says that it has what carries this tag, quotes included.
pub(crate) fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    headers
        .get(header::IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|known| known.split(',').any(|one| one.trim().trim_start_matches("W/") == tag))
}
