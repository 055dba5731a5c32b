use std::convert::Infallible;

use axum::{extract::FromRequestParts, http::request::Parts};
use uuid::Uuid;

use crate::envelope::RequestId;

/// W3C trace context for the events of a request: the caller's, or one that begins here and has the
/// request's id as its trace id.
#[derive(Debug, Clone, Default)]
pub(crate) struct Trace(pub(crate) Option<String>);

impl<S: Sync> FromRequestParts<S> for Trace {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let given = parts.headers.get("traceparent").and_then(|value| value.to_str().ok());
        let given = given.filter(|value| is_traceparent(value)).map(str::to_owned);
        Ok(Self(given.or_else(|| parts.extensions.get::<RequestId>().map(|id| begin(id.0)))))
    }
}

fn begin(request: Uuid) -> String {
    // The random half of a UUIDv7 serves as the span; its variant bits keep it from being zero.
    format!("00-{}-{:016x}-01", request.simple(), request.as_u64_pair().1)
}

/// `00-<32 hex>-<16 hex>-<2 hex>`, lower case.
fn is_traceparent(value: &str) -> bool {
    let hex = |part: &str, length| {
        part.len() == length && part.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    };
    let parts: Vec<&str> = value.split('-').collect();
    matches!(parts.as_slice(), ["00", trace, span, flags] if hex(trace, 32) && hex(span, 16) && hex(flags, 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_here_is_valid() {
        assert!(is_traceparent(&begin(Uuid::now_v7())));
        assert!(is_traceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"));
        assert!(!is_traceparent("00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01"));
        assert!(!is_traceparent("nonsense"));
    }
}
