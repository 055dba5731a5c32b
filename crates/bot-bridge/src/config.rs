use std::time::Duration;

use anyhow::{Context as _, ensure};
use process::{Secret, WorkerConfig};

use crate::schedule::Limits;

/// What the bridge is told at its start.
#[derive(Debug, Clone, clap::Args)]
#[group(id = "bot_bridge")] // several services' options live in one command
pub struct Config {
    #[command(flatten)]
    pub worker: WorkerConfig,

    #[command(flatten)]
    pub telegram: TelegramConfig,
}

/// Which bot, where, and how fast.
#[derive(Debug, Clone, clap::Args)]
#[group(id = "telegram")]
pub struct TelegramConfig {
    /// The operator bot's token, from @BotFather
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

impl TelegramConfig {
    /// The token, and the bot's id, with which every token begins.
    pub(crate) fn token(&self) -> anyhow::Result<(&Secret, i64)> {
        let token = self.operator_bot_token.as_ref().filter(|token| !token.expose().is_empty()).context(
            "OPERATOR_BOT_TOKEN is not set: take the operator bot's token from @BotFather and set it, or \
             point TELEGRAM_API_URL at the simulated Telegram and set any token such as 1:test",
        )?;
        let bot_id = token.expose().split_once(':').and_then(|(id, _)| id.parse().ok()).context(
            "OPERATOR_BOT_TOKEN is not a bot token: it looks like 123456:AAE… as @BotFather shows it",
        )?;
        Ok((token, bot_id))
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
            chat_rate: 1.0,
            chat_burst: 3,
            bot_rate: 30.0,
        }
    }

    #[test]
    fn a_missing_or_malformed_token_is_said_with_what_to_set() {
        for token in [None, Some(""), Some("nonsense"), Some("x:y")] {
            let error = config(token).token().unwrap_err().to_string();
            assert!(error.contains("OPERATOR_BOT_TOKEN"), "{error}");
            assert!(!error.contains("nonsense"), "a token is never shown");
        }
        assert_eq!(config(Some("123:abc")).token().unwrap().1, 123);
    }

    #[test]
    fn rates_must_make_sense() {
        assert!(TelegramConfig { bot_rate: 0.0, ..config(None) }.limits().is_err());
        assert!(TelegramConfig { chat_rate: f64::NAN, ..config(None) }.limits().is_err());
        assert!(TelegramConfig { telegram_timeout: -1.0, ..config(None) }.timeout().is_err());
    }
}
