use serde::{Deserialize, Serialize};

/// Where updates are pushed instead of being polled for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Webhook {
    pub(crate) url: String,
    /// Sent as `X-Telegram-Bot-Api-Secret-Token`.
    pub(crate) secret_token: Option<String>,
    pub(crate) max_connections: i64,
    /// Seconds since 1970, and what went wrong.
    #[serde(default)]
    pub(crate) last_error: Option<(i64, String)>,
}
