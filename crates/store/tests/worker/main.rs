//! A worker's transaction between a real log and a real database: whatever dies, everything is handled once.
#![expect(clippy::unwrap_used, reason = "a test that meets nothing has failed")]

mod broker;
mod database;
mod once;
mod relay;
mod teller;
