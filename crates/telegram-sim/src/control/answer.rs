use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::state::receive::Unable;

/// `{"error": "…"}`
#[derive(Debug)]
pub(super) struct Problem(pub(super) StatusCode, pub(super) String);

impl Problem {
    pub(super) fn bad_request(what: impl Into<String>) -> Self {
        Self(StatusCode::BAD_REQUEST, what.into())
    }

    pub(super) fn not_found(what: &str) -> Self {
        Self(StatusCode::NOT_FOUND, what.into())
    }
}

impl From<Unable> for Problem {
    fn from(unable: Unable) -> Self {
        let status = match unable {
            Unable::NoSuchUser | Unable::NoSuchMessage => StatusCode::NOT_FOUND,
            Unable::BotBlocked | Unable::NotEditable => StatusCode::CONFLICT,
        };
        Self(status, unable.to_string())
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        (self.0, Json(json!({"error": self.1}))).into_response()
    }
}
