//! The ready answers.

use askama::Template;

use super::{CannedView, Layout};

/// `/dashboard/canned-replies`
#[derive(Debug, Template)]
#[template(path = "canned.html")]
pub struct CannedPage {
    /// The common part.
    pub layout: Layout,
    /// By what they are called by.
    pub canned: Vec<CannedView>,
    /// What the form holds: a new one, or one that is changed.
    pub form: CannedView,
    /// The key of what is wrong with it.
    pub problem: Option<&'static str>,
}

impl CannedPage {
    /// What may stand for something in an answer, and the key of what it stands for.
    fn holes() -> [(&'static str, &'static str); 5] {
        [
            ("{name}", "canned-hole-name"),
            ("{first_name}", "canned-hole-first-name"),
            ("{username}", "canned-hole-username"),
            ("{operator}", "canned-hole-operator"),
            ("{order}", "canned-hole-order"),
        ]
    }

    fn is_change(&self) -> bool {
        self.canned.iter().any(|canned| canned.id == self.form.id)
    }
}
