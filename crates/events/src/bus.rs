//! Everything that speaks to the broker.

mod connect;
pub mod consume;
mod dead_letter;
pub mod keys;
mod letter;
mod objects;
pub mod provision;
mod publish;
pub mod retry;
mod tail;

pub use async_nats::jetstream::consumer::Info as ConsumerInfo;
pub use connect::{Bus, BusConfig, ConnectError};
pub use letter::{Letter, LetterError};
pub use objects::{ObjectError, Objects};
pub use publish::{Acknowledged, PublishError};
pub use tail::{LogMessage, Tail, TailError, TailStart};
