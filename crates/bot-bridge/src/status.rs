//! How a bot's line to Telegram is: what people are shown who wonder whether messages come.

mod line;
mod report;

use jiff::Timestamp;
use serde::Serialize;

pub(crate) use line::{Line, Trouble};
pub(crate) use report::report;

/// In table `bot_status` and on core NATS as `status.<bot>`, whenever it changes and every few seconds: one that is
/// older than half a minute says that no bridge works. A bridge that stands by says nothing; the active one does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BotStatus {
    pub mode: Mode,
    pub state: State,
    /// When the log last took updates.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_update_at: Option<Timestamp>,
    /// When Telegram last answered: with updates, or that there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_poll_at: Option<Timestamp>,
    /// Updates that Telegram holds for the bot, as of its last word on that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pending: Option<u64>,
    /// Kept when all is well again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_error: Option<LastError>,
    /// Since when updates could not be taken. Telegram keeps them for 24 hours; then they are lost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub behind_since: Option<Timestamp>,
}

/// How updates come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    Polling,
    Webhook,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Nothing has been heard yet.
    Starting,
    Ok,
    /// Telegram does not know the token: it was revoked, or mistyped.
    Unauthorized,
    /// Somebody else takes this bot's updates.
    Conflict,
    /// Telegram does not answer, or not sensibly.
    Unreachable,
    /// Telegram answers that it does not want to.
    Refused,
    /// Updates come, but the log does not take them.
    LogUnavailable,
    /// Telegram cannot bring updates to the webhook.
    WebhookFailing,
    /// The bridge was stopped.
    Stopped,
}

impl State {
    /// As it is written.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Starting => "starting",
            Self::Ok => "ok",
            Self::Unauthorized => "unauthorized",
            Self::Conflict => "conflict",
            Self::Unreachable => "unreachable",
            Self::Refused => "refused",
            Self::LogUnavailable => "log_unavailable",
            Self::WebhookFailing => "webhook_failing",
            Self::Stopped => "stopped",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LastError {
    /// For programs: the state that it led to.
    pub code: &'static str,
    /// Telegram's words, or ours; with no token in them.
    pub words: String,
    pub at: Timestamp,
}
