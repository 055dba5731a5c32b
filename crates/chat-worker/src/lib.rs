#![doc = include_str!("../README.md")]

mod decide;
mod link;
mod reopen;
mod run;

/// What the chat worker is told at its start.
pub use process::WorkerConfig as Config;
pub use run::run;
