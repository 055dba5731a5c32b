//! The worker against a real broker and a real database.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod answers;
mod folding;
mod links;
mod news;
mod scene;
