//! Structured logs on standard error: fields rather than sentences, no personal data.

use std::io::IsTerminal as _;

use tracing_subscriber::{EnvFilter, fmt};

/// Starts logging for a service: what happens. `RUST_LOG` chooses otherwise; one line per event for
/// people on a terminal, JSON elsewhere. A second call changes nothing.
pub fn start() {
    start_with("info,async_nats=warn");
}

/// Starts logging for a command, which speaks for itself: only what goes wrong.
pub fn start_quietly() {
    start_with("warn,async_nats=error");
}

fn start_with(default: &str) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(default));
    let builder = fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started = if std::io::stderr().is_terminal() {
        builder.try_init()
    } else {
        builder.json().flatten_event(true).try_init()
    };
    if started.is_err() {
        tracing::debug!("logging was started before");
    }
}
