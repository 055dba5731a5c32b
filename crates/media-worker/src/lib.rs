#![doc = include_str!("../README.md")]

mod config;
mod jobs;
mod memory;
mod process_upload;
mod progress;
pub mod render;
mod run;
mod worker;

pub use config::Config;
pub use jobs::Renderer;
pub use run::{run, run_with};
