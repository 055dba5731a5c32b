//! The auditor on a real broker and a real database.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails")]

mod rebuild;
mod speed;
mod tail;
mod verify;
mod world;
