//! Chats: what the events of the log do to the tables, and what the desk is told.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot be set up has failed")]

mod calls;
mod folding;
mod queries;
mod scene;
mod search;
mod slices;
