//! The bridge against a real broker, a real database and a simulated Telegram.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod changes;
mod crashes;
mod files;
mod incoming;
mod lead;
mod line;
mod loss;
mod outgoing;
mod scene;
mod several;
mod texts;
mod waiting;
mod webhook;
