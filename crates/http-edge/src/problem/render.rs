use askama::Template as _;
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse as _, Response},
};

use super::{Problem, ProblemBody, words::words};
use crate::{
    pages::{ErrorPage, Layout},
    texts::Lang,
};

/// The problem for programs.
pub(crate) fn problem_json(problem: &Problem, request_id: &str) -> Response {
    let title = problem.status.canonical_reason().unwrap_or("Error");
    let body = ProblemBody {
        r#type: format!("urn:vestnik:problem:{}", problem.code),
        title: title.to_owned(),
        status: problem.status.as_u16(),
        detail: match problem.detail.as_deref() {
            Some(detail) => detail.to_owned(),
            None => words(problem, Lang::En).unwrap_or_else(|| title.to_owned()),
        },
        code: problem.code.to_owned(),
        error: problem.error.to_string(),
        errors: problem.errors.clone(),
        request_id: request_id.to_owned(),
        more: (*problem.more).clone(),
    };
    let body = serde_json::to_vec(&body).unwrap_or_default();
    let json = HeaderValue::from_static("application/problem+json");
    let mut response = (problem.status, [(header::CONTENT_TYPE, json)], body).into_response();
    add_header(problem, &mut response);
    response
}

/// The problem for people.
pub(crate) fn page(problem: &Problem, layout: Layout, request_id: &str) -> Response {
    let page = ErrorPage {
        text: words(problem, layout.lang),
        layout,
        status: problem.status.as_u16(),
        request_id: Some(request_id.to_owned()),
    };
    let mut response = match page.render() {
        Ok(html) => (problem.status, Html(html)).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    };
    add_header(problem, &mut response);
    response
}

fn add_header(problem: &Problem, response: &mut Response) {
    if let Some((name, value)) = problem.header.as_deref() {
        response.headers_mut().insert(name, value.clone());
    }
}
