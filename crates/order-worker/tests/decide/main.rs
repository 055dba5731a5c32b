//! The decisions, without broker or database.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that meets nothing has failed")]

mod cases;
mod properties;
mod world;
