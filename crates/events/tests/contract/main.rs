//! What the types say agrees with what is committed and with what the broker is told.
#![expect(clippy::unwrap_used, reason = "a test that meets nothing has failed")]

mod asyncapi;
mod decode;
mod permissions;
mod personal;
mod sealed;
mod yaml;
