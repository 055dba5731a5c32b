use std::net::SocketAddr;

use process::{Connections, Secret};
use url::Url;

use crate::client_address::TrustedProxies;

/// What the edge is told from outside.
#[derive(Debug, Clone, clap::Args)]
pub struct Config {
    #[command(flatten)]
    pub connections: Connections,

    /// Address of the public site
    #[arg(long, env = "PUBLIC_LISTEN", default_value = "127.0.0.1:3000")]
    pub public_listen: SocketAddr,

    /// Address of the back office
    #[arg(long, env = "BACKOFFICE_LISTEN", default_value = "127.0.0.1:3001")]
    pub backoffice_listen: SocketAddr,

    /// Address of health, readiness and metrics; private
    #[arg(long, env = "METRICS_LISTEN", default_value = "127.0.0.1:9090")]
    pub metrics_listen: SocketAddr,

    /// The address the outside world knows; https makes cookies secure and adds HSTS
    #[arg(long, env = "API_BASE_URL")]
    pub api_base_url: Option<Url>,

    /// Proxies whose X-Forwarded-For is believed: addresses and networks, separated by commas
    #[arg(long, env = "TRUSTED_PROXIES", default_value = "", hide_default_value = true)]
    pub trusted_proxies: TrustedProxies,

    /// Bearer token with which foreign bots are trusted at POST /api/chat-message
    #[arg(long, env = "CHAT_MESSAGE_TOKEN", hide_env_values = true)]
    pub chat_message_token: Option<Secret>,

    /// Where the Bot API is; links to the bots are shown only where it is Telegram's own
    #[arg(long, env = "TELEGRAM_API_URL")]
    pub telegram_api_url: Option<Url>,

    /// Seconds that a picture may be on its way, once it is its turn
    #[arg(long, env = "UPLOAD_SECONDS", default_value_t = 120)]
    pub upload_seconds: u64,
}

impl Config {
    /// Whether the bots are Telegram's, and `https://t.me/…` leads to them.
    #[must_use]
    pub fn is_real_telegram(&self) -> bool {
        self.telegram_api_url.as_ref().is_none_or(|url| url.host_str() == Some("api.telegram.org"))
    }

    /// Whether browsers come over https, whatever stands in between.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.api_base_url.as_ref().is_some_and(|url| url.scheme() == "https")
    }
}
