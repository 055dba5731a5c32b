//! The whole system as a user has it: `vestnik up`, the command, and a real browser.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod accounts;
mod chat;
mod colleagues;
mod dead_letters;
mod lifecycle;
mod orders;
mod page;
mod running;
