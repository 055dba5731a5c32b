#![doc = include_str!("../README.md")]

mod connections;
pub mod logging;
pub mod probes;
mod secret;
pub mod shutdown;
pub mod worker;

pub use connections::Connections;
pub use probes::Readiness;
pub use secret::Secret;
/// Cancelled once, when the process is to stop.
pub use tokio_util::sync::CancellationToken as Shutdown;
pub use worker::WorkerConfig;
