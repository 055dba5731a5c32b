#![doc = include_str!("../README.md")]

mod bot_api;
mod config;
mod control;
mod line;
mod media;
mod page;
mod phone;
mod picture;
mod push_webhook;
mod router;
mod save;
mod server;
mod sim;
mod state;
mod world;

pub use config::Config;
pub use media::Kind;
pub use phone::Phone;
pub use server::{run, start};
pub use sim::Sim;
pub use state::call_log::Calls;
pub use state::fault::{Effect, Fault, When};
pub use state::limiter::Limits;
pub use state::message::Message;
pub use state::user::User;
