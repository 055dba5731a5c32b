#![doc = include_str!("../README.md")]

mod config;
mod files;
mod intake;
mod run;
pub mod schedule;
mod sender;
mod telegram;
mod updates;

pub use config::{Config, TelegramConfig};
pub use run::run;
