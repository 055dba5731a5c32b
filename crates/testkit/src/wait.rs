use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

/// How long a test waits before it says what is missing.
const PATIENCE: Duration = Duration::from_secs(30);

/// Waits until the condition holds.
///
/// # Panics
/// When it does not within 30 s, with what it waited for.
pub async fn wait_for(what: &str, mut condition: impl AsyncFnMut() -> bool) {
    wait_for_value(what, async || condition().await.then_some(())).await;
}

/// Waits until there is a value.
///
/// # Panics
/// When there is none within 30 s, with what it waited for.
pub async fn wait_for_value<T>(what: &str, mut value: impl AsyncFnMut() -> Option<T>) -> T {
    let started = Instant::now();
    loop {
        if let Some(value) = value().await {
            return value;
        }
        assert!(started.elapsed() < PATIENCE, "after {PATIENCE:?} still waiting for: {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// An address on this machine that nobody listens on.
///
/// # Panics
/// When there is none.
#[must_use]
pub fn free_address() -> SocketAddr {
    private_servers::free_address().expect("a free port")
}
