use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

/// How the simulated Telegram is started. Every option is also an environment variable.
#[derive(Clone, clap::Args)]
#[group(id = "telegram_sim")] // several services' options live in one command
pub struct Config {
    /// Address of the Bot API, the phone and the control API.
    #[arg(id = "telegram-sim-listen", long, env = "TELEGRAM_SIM_LISTEN", default_value = "127.0.0.1:3002")]
    pub listen: SocketAddr,

    /// The only bot tokens to accept, separated by commas; without them every token is good, and a bot for each number.
    #[arg(id = "telegram-sim-bot-token", long, env = "TELEGRAM_SIM_BOT_TOKEN", hide_env_values = true)]
    pub bot_token: Option<String>,

    /// The bot's username, as getMe tells it.
    #[arg(
        id = "telegram-sim-bot-username",
        long,
        env = "TELEGRAM_SIM_BOT_USERNAME",
        default_value = "vestnik_operator_bot"
    )]
    pub bot_username: String,

    /// The bot's name, as people see it.
    #[arg(id = "telegram-sim-bot-name", long, env = "TELEGRAM_SIM_BOT_NAME", default_value = "Вестник")]
    pub bot_name: String,

    /// JSON file in which chats outlive a restart (files go into a folder beside it).
    #[arg(id = "telegram-sim-state-file", long, env = "TELEGRAM_SIM_STATE_FILE")]
    pub state_file: Option<PathBuf>,

    /// Answer 429 to a bot that sends faster than Telegram allows.
    #[arg(
        id = "telegram-sim-enforce-limits", long,
        env = "TELEGRAM_SIM_ENFORCE_LIMITS",
        default_value_t = true,
        action = clap::ArgAction::Set
    )]
    pub enforce_limits: bool,

    /// Start with a few people when there is nobody yet.
    #[arg(
        id = "telegram-sim-people", long,
        env = "TELEGRAM_SIM_PEOPLE",
        default_value_t = true,
        action = clap::ArgAction::Set
    )]
    pub people: bool,
}

impl Config {
    /// For tests: a port chosen by the system, nobody there, no rate limits, nothing kept.
    pub fn for_tests() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            enforce_limits: false,
            people: false,
            ..Self::default()
        }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 3002)),
            bot_token: None,
            bot_username: "vestnik_operator_bot".into(),
            bot_name: "Вестник".into(),
            state_file: None,
            enforce_limits: true,
            people: true,
        }
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("listen", &self.listen)
            .field("bot_token", &self.bot_token.as_ref().map(|_| "…"))
            .field("bot_username", &self.bot_username)
            .field("state_file", &self.state_file)
            .field("enforce_limits", &self.enforce_limits)
            .field("people", &self.people)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::{CommandFactory, Parser};

    #[derive(Parser)]
    struct Command {
        #[command(flatten)]
        config: Config,
    }

    #[test]
    fn nothing_said_is_the_default() {
        Command::command().debug_assert();
        let config = Command::parse_from(["telegram-sim"]).config;
        assert_eq!(format!("{config:?}"), format!("{:?}", Config::default()));
    }

    #[test]
    fn the_token_is_not_printed() {
        let config = Config { bot_token: Some("1:secret".into()), ..Config::for_tests() };
        assert!(!format!("{config:?}").contains("secret"));
    }
}
