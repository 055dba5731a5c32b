//! The page for everything that went wrong.

use askama::Template;

use super::Layout;

/// Any error, as a page.
#[derive(Debug, Template)]
#[template(path = "error.html")]
pub struct ErrorPage {
    /// The common part.
    pub layout: Layout,
    /// The HTTP status.
    pub status: u16,
    /// A sentence of its own, such as «Только заказчики могут создавать задания»; the status
    /// has one otherwise.
    pub text: Option<String>,
    /// What support asks for.
    pub request_id: Option<String>,
}

impl ErrorPage {
    fn title(&self) -> String {
        self.layout.t(match self.status {
            401 => "error-401-title",
            403 => "error-403-title",
            404 => "error-404-title",
            413 => "error-413-title",
            429 => "error-429-title",
            400..500 => "error-400-title",
            503 => "error-503-title",
            _ => "error-500-title",
        })
    }

    fn sentence(&self) -> String {
        self.text.clone().unwrap_or_else(|| {
            self.layout.t(match self.status {
                401 => "error-401-text",
                403 => "error-403-text",
                404 => "error-404-text",
                413 => "error-413-text",
                429 => "error-429-text",
                400..500 => "error-400-text",
                503 => "error-503-text",
                _ => "error-500-text",
            })
        })
    }
}
