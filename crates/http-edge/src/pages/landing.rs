//! Pages that mostly tell.

use askama::Template;

use super::Layout;

/// `/`: what this is, and the way in.
#[derive(Debug, Template)]
#[template(path = "landing.html")]
pub struct LandingPage {
    /// The common part.
    pub layout: Layout,
}

/// `/dashboard/executor`: what an executor can do today.
#[derive(Debug, Template)]
#[template(path = "executor.html")]
pub struct ExecutorPage {
    /// The common part.
    pub layout: Layout,
}
