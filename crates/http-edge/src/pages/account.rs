//! One's own account.

use askama::Template;
use jiff::Timestamp;

use super::{FieldErrors, Layout};

/// `/dashboard/account`, on both sites. Forms post to `…/password`, `…/sessions/{id}/end`,
/// `…/sessions/end-others` and `/preferences`.
#[derive(Debug, Template)]
#[template(path = "account.html")]
pub struct AccountPage {
    /// The common part; with somebody signed in.
    pub layout: Layout,
    /// Where one is signed in: this one first.
    pub sessions: Vec<SessionView>,
    /// Fields `currentPassword`, `newPassword`; codes `required`, `wrong`, `too_short`, `too_long`,
    /// `too_common`.
    pub errors: FieldErrors,
}

/// Somewhere one is signed in.
#[derive(Debug, Clone)]
pub struct SessionView {
    /// UUID.
    pub id: String,
    /// `Chrome, Android`; empty when it is not known.
    pub device: String,
    /// At the back office, not at the public site.
    pub back_office: bool,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_seen_at: Timestamp,
    /// It is the one that asks.
    pub current: bool,
}

impl AccountPage {
    fn has_others(&self) -> bool {
        self.sessions.iter().any(|session| !session.current)
    }
}
