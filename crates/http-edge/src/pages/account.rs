//! One's own account.

use askama::{Template, filters::Safe};
use jiff::Timestamp;

use super::{FieldErrors, Layout};

/// `/dashboard/account`, on both sites. Forms post to `…/password`, `…/sessions/{id}/end`,
/// `…/sessions/end-others`, `…/telegram`, `…/telegram/{id}/unlink` and `/preferences`.
#[derive(Debug, Template)]
#[template(path = "account.html")]
pub struct AccountPage {
    /// The common part; with somebody signed in.
    pub layout: Layout,
    /// Where one is signed in: this one first.
    pub sessions: Vec<SessionView>,
    /// Who is linked in Telegram; `None` in the back office.
    pub telegram: Option<TelegramLinks>,
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

/// The account's Telegram users.
#[derive(Debug, Clone)]
pub struct TelegramLinks {
    /// Who has shown that the account is theirs.
    pub linked: Vec<LinkedPerson>,
    /// How another one can, when that was asked for.
    pub offer: Option<LinkOffer>,
}

/// Somebody in Telegram.
#[derive(Debug, Clone)]
pub struct LinkedPerson {
    /// Telegram's id.
    pub id: i64,
    /// As Telegram tells it; may be empty.
    pub name: String,
    /// Without `@`.
    pub username: Option<String>,
}

/// A one-time word, as links to the bots and as a command for any of them.
#[derive(Debug, Clone)]
pub struct LinkOffer {
    /// Empty while none is connected.
    pub bots: Vec<BotLink>,
    /// `/start link_…`
    pub command: String,
    /// Until when it is good.
    pub until: Timestamp,
}

/// Where the word goes.
#[derive(Debug, Clone)]
pub struct BotLink {
    /// Without `@`.
    pub username: String,
    /// `https://t.me/…`; `None` when Telegram is simulated.
    pub link: Option<String>,
    /// The link's QR code as SVG.
    pub qr: Option<String>,
}

impl BotLink {
    /// Made by us of dark squares, so there is nothing to escape.
    fn picture(&self) -> Option<Safe<&str>> {
        self.qr.as_deref().map(Safe)
    }
}

impl AccountPage {
    fn has_others(&self) -> bool {
        self.sessions.iter().any(|session| !session.current)
    }
}
