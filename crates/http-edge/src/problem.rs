//! What went wrong, as RFC 9457 problem details or as a page; the envelope chooses by `Accept`.

mod kinds;
mod render;
mod words;

use std::{borrow::Cow, sync::Arc};

use async_nats::jetstream::stream::{DirectGetError, LastRawMessageError};
use axum::{
    http::{HeaderName, HeaderValue, StatusCode},
    response::{IntoResponse, Response},
};
use events::bus::{LetterError, ObjectError, PublishError, TailError};
use serde::Serialize;
use store::identity::password::PasswordError;
use tokio::time::error::Elapsed;
use utoipa::ToSchema;

pub(crate) use render::{page, problem_json};

/// An error as the contract words it. Internal text is kept for the log and never sent.
#[derive(Debug, Clone)]
pub(crate) struct Problem {
    pub(crate) status: StatusCode,
    /// For programs.
    pub(crate) code: &'static str,
    /// For people, in Russian.
    pub(crate) error: Cow<'static, str>,
    /// For developers, in English.
    pub(crate) detail: Option<Box<str>>,
    pub(crate) errors: Vec<FieldProblem>,
    pub(crate) header: Option<Box<(HeaderName, HeaderValue)>>,
    /// Further members, such as the order that is already there.
    pub(crate) more: Box<serde_json::Map<String, serde_json::Value>>,
    pub(crate) cause: Option<Arc<anyhow::Error>>,
}

/// A field that was not accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct FieldProblem {
    pub(crate) field: String,
    pub(crate) code: String,
    /// For people, in Russian.
    pub(crate) message: String,
}

/// The body of every error, `application/problem+json`.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ProblemBody {
    pub(crate) r#type: String,
    pub(crate) title: String,
    pub(crate) status: u16,
    pub(crate) detail: String,
    /// For programs.
    pub(crate) code: String,
    /// For people, in Russian.
    pub(crate) error: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) errors: Vec<FieldProblem>,
    pub(crate) request_id: String,
    #[serde(flatten)]
    #[schema(ignore)]
    pub(crate) more: serde_json::Map<String, serde_json::Value>,
}

impl Problem {
    pub(crate) fn new(status: StatusCode, code: &'static str, error: impl Into<Cow<'static, str>>) -> Self {
        Self {
            status,
            code,
            error: error.into(),
            detail: None,
            errors: Vec::new(),
            header: None,
            more: Box::default(),
            cause: None,
        }
    }

    pub(crate) fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into().into_boxed_str());
        self
    }

    pub(crate) fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.header = Some(Box::new((name, value)));
        self
    }

    pub(crate) fn with(mut self, name: &str, value: impl Into<serde_json::Value>) -> Self {
        self.more.insert(name.to_owned(), value.into());
        self
    }

    /// Something of ours failed. What is merely away for a moment is 503, so that clients try again.
    pub(crate) fn internal(error: impl Into<anyhow::Error>) -> Self {
        let error = error.into();
        let away = store::is_transient(&error)
            || error.chain().any(|cause| {
                is_of_broker(cause) || matches!(cause.downcast_ref(), Some(PasswordError::Busy))
            });
        let problem = if away {
            Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", "Сервис временно недоступен")
                .header(axum::http::header::RETRY_AFTER, HeaderValue::from_static("2"))
        } else {
            Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "Внутренняя ошибка сервера")
        };
        Self { cause: Some(Arc::new(error)), ..problem }
    }
}

/// What the broker did not take or did not tell. What it does not have is no error by then.
fn is_of_broker(cause: &(dyn std::error::Error + 'static)) -> bool {
    cause.is::<PublishError>()
        || cause.is::<ObjectError>()
        || cause.is::<LetterError>()
        || cause.is::<TailError>()
        || cause.is::<DirectGetError>()
        || cause.is::<LastRawMessageError>()
        || cause.is::<Elapsed>()
}

/// Whatever a handler passes on with `?` is ours to answer for.
impl<E: std::error::Error + Send + Sync + 'static> From<E> for Problem {
    fn from(error: E) -> Self {
        Self::internal(error)
    }
}

impl IntoResponse for Problem {
    /// An empty answer that carries the problem to the envelope, which knows what the client accepts.
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

pub(crate) async fn no_such_route() -> Problem {
    Problem::not_found()
}

pub(crate) async fn no_such_method() -> Problem {
    Problem::of_status(StatusCode::METHOD_NOT_ALLOWED)
}
