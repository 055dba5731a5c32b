#![doc = include_str!("../README.md")]

mod clock;
mod config;
pub mod decide;
mod load;
mod run;
pub mod state;
mod worker;

pub use clock::expire_due;
pub use config::Config;
pub use run::run;
pub use worker::Worker;
