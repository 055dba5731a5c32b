//! The private listener: `/healthz`, `/readyz`, `/metrics`.

use std::{
    net::SocketAddr,
    sync::{Arc, OnceLock},
    time::Duration,
};

use anyhow::Context as _;
use axum::{Router, http::StatusCode, routing::get};
use futures::future::BoxFuture;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tokio::net::TcpListener;

use crate::Shutdown;

type Check = Arc<dyn Fn() -> BoxFuture<'static, Result<(), String>> + Send + Sync>;

/// What must be there before work can be done, by name.
#[derive(Clone, Default)]
pub struct Readiness {
    checks: Vec<(&'static str, Check)>,
}

impl Readiness {
    /// Adds a check; its error is shown to whoever asks `/readyz`, so it must not hold a secret.
    #[must_use]
    pub fn with<F, Fut>(mut self, name: &'static str, check: F) -> Self
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), String>> + Send + 'static,
    {
        self.checks.push((name, Arc::new(move || Box::pin(check()))));
        self
    }

    async fn report(&self) -> (StatusCode, String) {
        let mut status = StatusCode::OK;
        let mut text = String::new();
        for (name, check) in &self.checks {
            let line = match check().await {
                Ok(()) => format!("{name}: ready\n"),
                Err(reason) => {
                    status = StatusCode::SERVICE_UNAVAILABLE;
                    format!("{name}: {reason}\n")
                }
            };
            text.push_str(&line);
        }
        (status, text)
    }
}

impl std::fmt::Debug for Readiness {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.checks.iter().map(|(name, _)| name)).finish()
    }
}

/// Starts recording metrics for this process; the same recorder however often it is called.
#[must_use]
pub fn recorder() -> PrometheusHandle {
    static RECORDER: OnceLock<PrometheusHandle> = OnceLock::new();
    RECORDER
        .get_or_init(|| {
            let recorder = PrometheusBuilder::new().build_recorder();
            let handle = recorder.handle();
            if metrics::set_global_recorder(recorder).is_err() {
                tracing::warn!("another metrics recorder was installed before");
            }
            handle
        })
        .clone()
}

/// Durations are kept one by one until somebody asks for the metrics, or until this.
const UPKEEP: Duration = Duration::from_secs(5);

/// Serves the probes until shutdown.
///
/// # Errors
/// When the address cannot be bound.
pub async fn serve(listen: SocketAddr, readiness: Readiness, shutdown: Shutdown) -> anyhow::Result<()> {
    let listener = TcpListener::bind(listen)
        .await
        .with_context(|| format!("cannot listen on {listen}; set METRICS_LISTEN to a free address"))?;
    let recorder = recorder();
    let upkeep = {
        let recorder = recorder.clone();
        async move {
            let mut tick = tokio::time::interval(UPKEEP);
            loop {
                tick.tick().await;
                recorder.run_upkeep();
            }
        }
    };
    let app = Router::new()
        .route("/healthz", get(|| async { "alive\n" }))
        .route("/readyz", get(move || async move { readiness.report().await }))
        .route("/metrics", get(move || async move { recorder.render() }));
    tokio::select! {
        served = axum::serve(listener, app).with_graceful_shutdown(shutdown.cancelled_owned()) => Ok(served?),
        () = upkeep => Ok(()),
    }
}
