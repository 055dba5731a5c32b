use std::{collections::BTreeSet, net::SocketAddr, time::Duration};

use anyhow::{Context as _, ensure};
use process::{Secret, WorkerConfig};

use crate::outbox::Limits;

/// What the bridge is told at its start.
#[derive(Debug, Clone, clap::Args)]
#[group(id = "bot_bridge")] // several services' options live in one command
pub struct Config {
    #[command(flatten)]
    pub worker: WorkerConfig,

    #[command(flatten)]
    pub telegram: TelegramConfig,
}

/// Which bots, where, and how fast.
#[derive(Debug, Clone, clap::Args)]
#[group(id = "telegram")]
pub struct TelegramConfig {
    /// The operator bot's token, from @BotFather; several, for several bots, separated by commas or spaces
    #[arg(long, env = "OPERATOR_BOT_TOKEN", hide_env_values = true)]
    pub operator_bot_token: Option<Secret>,

    /// The Bot API server
    #[arg(long, env = "TELEGRAM_API_URL", default_value = "https://api.telegram.org")]
    pub telegram_api_url: String,

    /// Seconds a call for updates may stay open
    #[arg(long, env = "TELEGRAM_POLL_TIMEOUT", default_value_t = 30)]
    pub telegram_poll_timeout: u32,

    /// Seconds to wait for an answer; a reply without one by then is "unknown"
    #[arg(long, env = "TELEGRAM_TIMEOUT", default_value_t = 20.0)]
    pub telegram_timeout: f64,

    /// The public https address under which Telegram reaches this bridge; without it the bridge polls
    #[arg(long, env = "TELEGRAM_WEBHOOK_URL")]
    pub telegram_webhook_url: Option<String>,

    /// Where updates are taken that come to the webhook
    #[arg(long, env = "TELEGRAM_WEBHOOK_LISTEN", default_value = "127.0.0.1:3003")]
    pub telegram_webhook_listen: SocketAddr,

    /// By which Telegram shows that an update is from it: up to 256 of `A-Za-z0-9_-`; needed for a webhook
    #[arg(long, env = "TELEGRAM_WEBHOOK_SECRET", hide_env_values = true)]
    pub telegram_webhook_secret: Option<Secret>,

    /// Replies per second in one chat
    #[arg(long, env = "CHAT_RATE", default_value_t = 1.0)]
    pub chat_rate: f64,

    /// Replies that may follow each other at once in a quiet chat
    #[arg(long, env = "CHAT_BURST", default_value_t = 3)]
    pub chat_burst: u32,

    /// Replies in any second, all chats together
    #[arg(long, env = "BOT_RATE", default_value_t = 30.0)]
    pub bot_rate: f64,
}

/// A webhook, checked.
#[derive(Debug, Clone)]
pub(crate) struct WebhookConfig {
    /// Without a slash at the end; `/<bot>` follows.
    pub(crate) url: String,
    pub(crate) listen: SocketAddr,
    pub(crate) secret: Secret,
}

impl TelegramConfig {
    /// Every bot's id, with which its token begins, and the token.
    pub(crate) fn bots(&self) -> anyhow::Result<Vec<(i64, Secret)>> {
        let tokens = self.operator_bot_token.as_ref().map(Secret::expose).unwrap_or_default();
        let words = tokens.split(|c: char| c == ',' || c.is_whitespace()).filter(|word| !word.is_empty());
        let (mut bots, mut known) = (Vec::new(), BTreeSet::new());
        for token in words {
            let id = token.split_once(':').and_then(|(id, _)| id.parse::<i64>().ok()).filter(|id| *id > 0);
            let id = id.context(
                "OPERATOR_BOT_TOKEN is not a bot token: it looks like 123456:AAE… as @BotFather shows it; \
                 several are separated by commas",
            )?;
            ensure!(known.insert(id), "OPERATOR_BOT_TOKEN names bot {id} twice: each bot has one token");
            bots.push((id, Secret::new(token)));
        }
        ensure!(
            !bots.is_empty(),
            "OPERATOR_BOT_TOKEN is not set: take the operator bot's token from @BotFather and set it, or \
             point TELEGRAM_API_URL at the simulated Telegram and set any token such as 1:test"
        );
        Ok(bots)
    }

    /// Where updates come by webhook, if they do.
    pub(crate) fn webhook(&self) -> anyhow::Result<Option<WebhookConfig>> {
        let Some(url) = self.telegram_webhook_url.as_deref().filter(|url| !url.is_empty()) else {
            return Ok(None);
        };
        ensure!(
            url.starts_with("https://") || url.starts_with("http://"),
            "TELEGRAM_WEBHOOK_URL is not an address: it looks like https://example.org/telegram"
        );
        ensure!(
            !url.contains(['?', '#']),
            "TELEGRAM_WEBHOOK_URL must be without ? and #: bots' ids follow it"
        );
        let secret = self.telegram_webhook_secret.as_ref().filter(|secret| !secret.expose().is_empty());
        let secret = secret.context(
            "TELEGRAM_WEBHOOK_SECRET is not set: without it anybody could send updates to the webhook; set it to \
             a long random word such as `openssl rand -hex 32` gives",
        )?;
        let allowed = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        ensure!(
            secret.expose().len() <= 256 && secret.expose().chars().all(allowed),
            "TELEGRAM_WEBHOOK_SECRET may have up to 256 characters of A-Z, a-z, 0-9, _ and - (Bot API, setWebhook)"
        );
        Ok(Some(WebhookConfig {
            url: url.trim_end_matches('/').to_owned(),
            listen: self.telegram_webhook_listen,
            secret: secret.clone(),
        }))
    }

    pub(crate) fn limits(&self) -> anyhow::Result<Limits> {
        let rates = [("CHAT_RATE", self.chat_rate), ("BOT_RATE", self.bot_rate)];
        for (name, rate) in rates {
            ensure!(rate.is_finite() && rate > 0.0, "{name} must be a number above 0");
        }
        Ok(Limits { chat_rate: self.chat_rate, chat_burst: self.chat_burst, bot_rate: self.bot_rate })
    }

    pub(crate) fn timeout(&self) -> anyhow::Result<Duration> {
        Duration::try_from_secs_f64(self.telegram_timeout)
            .ok()
            .filter(|timeout| !timeout.is_zero())
            .context("TELEGRAM_TIMEOUT must be a number of seconds above 0")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(token: Option<&str>) -> TelegramConfig {
        TelegramConfig {
            operator_bot_token: token.map(Secret::new),
            telegram_api_url: String::new(),
            telegram_poll_timeout: 30,
            telegram_timeout: 20.0,
            telegram_webhook_url: None,
            telegram_webhook_listen: ([127, 0, 0, 1], 3003).into(),
            telegram_webhook_secret: None,
            chat_rate: 1.0,
            chat_burst: 3,
            bot_rate: 30.0,
        }
    }

    #[test]
    fn a_missing_or_malformed_token_is_said_with_what_to_set() {
        for token in [None, Some(""), Some(" , "), Some("nonsense"), Some("x:y"), Some("1:a nonsense")] {
            let error = config(token).bots().unwrap_err().to_string();
            assert!(error.contains("OPERATOR_BOT_TOKEN"), "{error}");
            assert!(!error.contains("nonsense"), "a token is never shown");
        }
    }

    #[test]
    fn several_tokens_are_several_bots_each_once() {
        let ids = |tokens| -> Vec<i64> {
            config(Some(tokens)).bots().unwrap().into_iter().map(|(id, _)| id).collect()
        };
        assert_eq!(ids("123:abc"), [123]);
        assert_eq!(ids("2:a,1:b\n 3:c ,"), [2, 1, 3]);
        let error = config(Some("2:old, 2:new")).bots().unwrap_err().to_string();
        assert_eq!(error, "OPERATOR_BOT_TOKEN names bot 2 twice: each bot has one token");
    }

    #[test]
    fn rates_must_make_sense() {
        assert!(TelegramConfig { bot_rate: 0.0, ..config(None) }.limits().is_err());
        assert!(TelegramConfig { chat_rate: f64::NAN, ..config(None) }.limits().is_err());
        assert!(TelegramConfig { telegram_timeout: -1.0, ..config(None) }.timeout().is_err());
    }

    #[test]
    fn a_webhook_needs_an_address_and_a_secret() {
        let config = |url: &str, secret: Option<&str>| TelegramConfig {
            telegram_webhook_url: Some(url.into()),
            telegram_webhook_secret: secret.map(Secret::new),
            ..config(None)
        };
        assert!(config("", None).webhook().unwrap().is_none(), "empty is unset");
        for (url, secret, setting) in [
            ("https://a.b/", None, "TELEGRAM_WEBHOOK_SECRET"),
            ("https://a.b/", Some(""), "TELEGRAM_WEBHOOK_SECRET"),
            ("https://a.b/", Some("two words"), "TELEGRAM_WEBHOOK_SECRET"),
            ("a.b", Some("s"), "TELEGRAM_WEBHOOK_URL"),
            ("https://a.b/?x", Some("s"), "TELEGRAM_WEBHOOK_URL"),
        ] {
            let error = config(url, secret).webhook().unwrap_err().to_string();
            assert!(error.starts_with(setting), "{error}");
        }
        assert_eq!(
            config("https://a.b/hook/", Some("s")).webhook().unwrap().unwrap().url,
            "https://a.b/hook"
        );
    }
}
