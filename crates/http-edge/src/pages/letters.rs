//! The administrators' pages: messages that were given up.

use askama::Template;
use jiff::Timestamp;

use super::{FieldErrors, Layout, query_string};

/// A message that a consumer gave up.
#[derive(Debug, Clone)]
pub struct LetterView {
    /// `<consumer>-<sequence>`.
    pub id: String,
    /// Who gave it up.
    pub consumer: String,
    /// As it was in the log.
    pub subject: String,
    /// In the log.
    pub sequence: u64,
    /// Why it was given up.
    pub reason: String,
    /// How often it was tried.
    pub attempts: u64,
    /// When it was given up.
    pub at: Timestamp,
    /// `vestnik.order.requested.v1`, if it says so.
    pub event_type: Option<String>,
    /// `None` while it waits.
    pub outcome: Option<OutcomeView>,
}

/// What somebody decided about it.
#[derive(Debug, Clone)]
pub struct OutcomeView {
    /// Tried again; else discarded.
    pub redriven: bool,
    /// Why it was discarded.
    pub reason: Option<String>,
    /// A user's id, or the service itself.
    pub actor: String,
    /// When.
    pub at: Timestamp,
}

impl LetterView {
    /// The event's name without what every type has around it.
    fn short_type(&self) -> &str {
        let full = self.event_type.as_deref().unwrap_or_default();
        full.strip_prefix("vestnik.").unwrap_or(full)
    }
}

/// `/dashboard/dead-letters?state=&cursor=`.
#[derive(Debug, Template)]
#[template(path = "letters.html")]
pub struct LettersPage {
    /// The common part.
    pub layout: Layout,
    /// Newest first.
    pub letters: Vec<LetterView>,
    /// Those that somebody has dealt with, instead of those that wait.
    pub settled: bool,
    /// For the next page; `None` on the last.
    pub next_cursor: Option<String>,
}

impl LettersPage {
    fn next_url(&self) -> Option<String> {
        let state = if self.settled { "settled" } else { "waiting" };
        let cursor = self.next_cursor.as_deref()?;
        Some(query_string("/dashboard/dead-letters", &[("state", state), ("cursor", cursor)]))
    }
}

/// `/dashboard/dead-letters/{id}`. Forms post to `…/redrive` and `…/discard`.
#[derive(Debug, Template)]
#[template(path = "letter.html")]
pub struct LetterPage {
    /// The common part.
    pub layout: Layout,
    /// The letter.
    pub letter: LetterView,
    /// As they were in the log.
    pub headers: Vec<(String, String)>,
    /// Indented JSON without what tells of a person; `None` when it cannot be shown.
    pub body: Option<String>,
    /// It can be tried again.
    pub redrivable: bool,
    /// As it was typed.
    pub reason: String,
    /// Field `reason`.
    pub errors: FieldErrors,
}
