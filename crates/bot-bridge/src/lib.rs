#![doc = include_str!("../README.md")]

mod bot;
mod config;
mod files;
mod intake;
mod outbox;
mod run;
mod sender;
mod status;
mod telegram;
mod updates;

pub use config::{Config, TelegramConfig};
pub use run::run;
pub use status::{BotStatus, LastError, Mode, State};
