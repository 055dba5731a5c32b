#![doc = include_str!("../README.md")]

/// Of every process that links this. Events come and go in many small pieces on several threads, where the
/// C library's own allocator takes a third of a service's time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

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
