//! Around every request: its id, the check of where it comes from, security headers, errors in the form
//! that the client accepts, one measurement, and one log line if something of ours failed.

use std::{panic::AssertUnwindSafe, sync::Arc, time::Instant};

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use futures::FutureExt as _;
use uuid::Uuid;

use crate::{
    auth::Caller,
    csrf,
    edge::Site,
    layout,
    pages::CONTENT_SECURITY_POLICY,
    problem::{self, Problem},
};

/// The id under which a request's log lines and its error are found.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RequestId(pub(crate) Uuid);

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

pub(crate) async fn envelope(State(site): State<Site>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = Uuid::now_v7();
    request.extensions_mut().insert(RequestId(id));
    let route = request.extensions().get::<MatchedPath>().cloned();
    let method = request.method().clone();
    let reader = accepts_html(request.headers(), request.uri().path())
        .then(|| (request.headers().clone(), request.uri().clone()));

    let is_upload = request
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"multipart/"));

    let mut response = match csrf::check(&site, &request) {
        Ok(()) => caught(next.run(request)).await,
        Err(problem) => problem.into_response(),
    };

    if let Some(problem) = problem_of(&mut response) {
        if let Some(cause) = &problem.cause {
            let route = route.as_ref().map_or("", MatchedPath::as_str);
            tracing::error!(request_id = %id, %method, route, status = problem.status.as_u16(), error = format!("{cause:#}"), "request failed");
        }
        let request_id = id.to_string();
        let around = std::mem::take(response.headers_mut());
        response = match reader {
            Some((headers, uri)) => {
                // Whoever was here a moment ago keeps their frame; the database is not asked for it.
                let user = Caller::remembered(&headers, &site);
                let frame = layout::Frame::plain(site.listener, &method, &headers, &uri);
                problem::page(&problem, frame.of(user.as_deref(), 0), &request_id)
            }
            None => problem::problem_json(&problem, &request_id),
        };
        keep(&around, response.headers_mut());
        if is_upload || problem.status == StatusCode::PAYLOAD_TOO_LARGE {
            // What is left of the body is not read, so nothing can follow it on this connection.
            response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
    }

    secure(&site, response.headers_mut());
    if let Ok(id) = HeaderValue::try_from(id.simple().to_string()) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    let route = route.as_ref().map_or("none", MatchedPath::as_str).to_owned();
    metrics::histogram!(
        "vestnik_http_request_seconds",
        "listener" => site.listener.name(), "route" => route, "status" => class(response.status())
    )
    .record(started.elapsed());
    response
}

/// A handler that panics is a fault of ours, and nobody else's connection.
async fn caught(handler: impl Future<Output = Response>) -> Response {
    AssertUnwindSafe(handler).catch_unwind().await.unwrap_or_else(|panic| {
        Problem::internal(anyhow::anyhow!("a handler panicked: {}", words(&*panic))).into_response()
    })
}

/// The problem that a handler answered with, or the one that a bare refusal of the framework stands for.
fn problem_of(response: &mut Response) -> Option<Arc<Problem>> {
    if let Some(problem) = response.extensions_mut().remove::<Arc<Problem>>() {
        return Some(problem);
    }
    let status = response.status();
    let plain = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_none_or(|value| value.as_bytes().starts_with(b"text/plain"));
    ((status.is_client_error() || status.is_server_error()) && plain)
        .then(|| Arc::new(Problem::of_status(status)))
}

/// What layers further in have said about the answer, such as who may read it.
fn keep(around: &HeaderMap, headers: &mut HeaderMap) {
    let kept = around.iter().filter(|(name, _)| {
        name.as_str().starts_with("access-control-") || matches!(**name, header::VARY | header::ALLOW)
    });
    for (name, value) in kept {
        headers.append(name, value.clone());
    }
}

fn secure(site: &Site, headers: &mut HeaderMap) {
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static(CONTENT_SECURITY_POLICY));
    // What is not said to be for everybody is for this reader alone.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers
        .entry(header::REFERRER_POLICY)
        .or_insert(HeaderValue::from_static("strict-origin-when-cross-origin"));
    headers.insert(
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    );
    if site.is_https() {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=31536000; includeSubDomains"),
        );
    }
}

/// A browser that goes to a page; scripts ask for JSON, and the API answers nothing else.
fn accepts_html(headers: &HeaderMap, path: &str) -> bool {
    !path.starts_with("/api/")
        && headers
            .get(header::ACCEPT)
            .and_then(|accept| accept.to_str().ok())
            .is_some_and(|accept| accept.contains("text/html"))
}

fn class(status: StatusCode) -> &'static str {
    match status.as_u16() {
        200..300 => "2xx",
        300..400 => "3xx",
        400..500 => "4xx",
        _ => "5xx",
    }
}

fn words(panic: &(dyn std::any::Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_is_answered_with_500_and_its_words_are_for_the_log_alone() {
        let mut response = caught(async { panic!("secret detail") }).await;
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let problem = problem_of(&mut response).unwrap();
        assert!(format!("{:#}", problem.cause.as_ref().unwrap()).contains("secret detail"));
        let sent = problem::problem_json(&problem, "id").into_body();
        let sent = axum::body::to_bytes(sent, 10_000).await.unwrap();
        assert!(!String::from_utf8_lossy(&sent).contains("secret detail"));
    }

    #[test]
    fn what_the_framework_refuses_becomes_a_problem_and_other_answers_stay() {
        let refused = (StatusCode::METHOD_NOT_ALLOWED, "plain words");
        assert_eq!(problem_of(&mut refused.into_response()).unwrap().code, "method_not_allowed");
        assert!(problem_of(&mut StatusCode::NO_CONTENT.into_response()).is_none());
        let page = (StatusCode::UNPROCESSABLE_ENTITY, axum::response::Html("<p>"));
        assert!(problem_of(&mut page.into_response()).is_none(), "a page of its own");
    }
}
