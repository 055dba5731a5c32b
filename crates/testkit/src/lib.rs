#![doc = include_str!("../README.md")]
#![expect(clippy::expect_used, reason = "a test that cannot be set up has failed")]

mod broker;
mod browser;
mod database;
mod system;
mod wait;

pub use broker::Broker;
pub use browser::Browser;
pub use database::TestDatabase;
pub use system::System;
pub use wait::{free_address, wait_for, wait_for_value};
