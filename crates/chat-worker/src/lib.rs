#![doc = include_str!("../README.md")]

mod answer;
mod command;
mod config;
mod fold;
mod heard;
mod hours;
mod link;
mod notice;
mod reopen;
mod run;
mod tell;
mod words;

pub use config::Config;
pub use run::run;
