//! The order worker with a real broker and a real database.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that meets nothing has failed")]

mod concurrency;
mod expiry;
mod rebuild;
mod repetition;
mod scans;
mod scene;
mod story;
