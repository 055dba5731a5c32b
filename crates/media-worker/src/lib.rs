#![doc = include_str!("../README.md")]

mod config;
mod process_upload;
pub mod render;
mod run;
mod worker;

pub use config::Config;
pub use run::run;
