#![doc = include_str!("../README.md")]

mod config;
mod decide;
mod link;
mod reopen;
mod run;

pub use config::Config;
pub use run::run;
