//! Stopping: one token, cancelled by Ctrl-C or SIGTERM.

use std::{future::Future, time::Duration};

use crate::Shutdown;

/// A token that Ctrl-C and SIGTERM cancel.
///
/// # Errors
/// When the signals cannot be listened to.
pub fn on_signals() -> anyhow::Result<Shutdown> {
    use tokio::signal::unix::{SignalKind, signal};
    let shutdown = Shutdown::new();
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let token = shutdown.clone();
    tokio::spawn(async move {
        tokio::select! {
            _ = interrupt.recv() => {},
            _ = terminate.recv() => {},
        }
        tracing::info!("stopping");
        token.cancel();
    });
    Ok(shutdown)
}

/// The whole `main` of a service's own process: logging, runtime, signals, run.
///
/// # Errors
/// What the service returns.
pub fn run_service<F, Fut>(run: F) -> anyhow::Result<()>
where
    F: FnOnce(Shutdown) -> Fut,
    Fut: Future<Output = anyhow::Result<()>>,
{
    crate::logging::start();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let result = runtime.block_on(async { run(on_signals()?).await });
    // What blocks a thread, a connection that is not answered say, must not keep the process.
    runtime.shutdown_timeout(Duration::from_millis(500));
    result
}
