//! Where a code leads whose order has ended.

use askama::Template;

use super::Layout;

/// `/q/{code}` of an order that has ended. Whose it was is not told.
#[derive(Debug, Template)]
#[template(path = "link_over.html")]
pub struct LinkOverPage {
    /// The common part.
    pub layout: Layout,
}
