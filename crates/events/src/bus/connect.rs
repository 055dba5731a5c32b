use std::{path::PathBuf, sync::Arc, time::Duration};

use async_nats::{ConnectOptions, Event as ConnectionEvent, jetstream};

use super::{keys, retry::Backoff};
use crate::Service;

/// Where the broker is and who asks.
#[derive(Debug, Clone)]
pub struct BusConfig {
    /// `nats://host:port`, several separated by commas; may carry `user:password@`.
    pub url: String,
    /// The folder with the services' NKey seeds; `None` where the URL carries the credentials.
    pub keys: Option<PathBuf>,
    pub service: Service,
}

/// A connection to the broker, cheap to clone. Reconnects by itself, for ever.
#[derive(Debug, Clone)]
pub struct Bus {
    pub(super) client: async_nats::Client,
    pub(super) jetstream: jetstream::Context,
    service: Service,
}

/// Why the broker cannot be reached.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    #[error("the key of {service} is unusable")]
    Key { service: Service, source: keys::KeyError },
    #[error("the address {0:?} is not a NATS URL")]
    Address(String),
    #[error("no connection to the broker")]
    Connect(#[source] async_nats::ConnectError),
}

/// Between two attempts to reach a broker that is not there yet.
const WAIT: Backoff = Backoff { first: Duration::from_millis(50), most: Duration::from_secs(5) };

/// How long the broker may take to acknowledge before a publish is repeated.
const ACK_TIMEOUT: Duration = Duration::from_secs(5);
const CLOSE: Duration = Duration::from_secs(2);

impl Bus {
    /// Connects, or fails at once when the broker is not there: whoever starts decides how long to wait.
    pub async fn connect(config: &BusConfig) -> Result<Self, ConnectError> {
        let service = config.service;
        let mut options = ConnectOptions::new()
            .name(format!("vestnik {service}"))
            // Deny by default: a service hears only answers to its own questions.
            .custom_inbox_prefix(format!("_INBOX_{service}"))
            .ping_interval(Duration::from_secs(10))
            .max_reconnects(None)
            .reconnect_delay_callback(|attempts| {
                let milliseconds = 50_u64.saturating_mul(1 << attempts.min(6));
                Duration::from_millis(milliseconds.min(2_000))
            })
            .request_timeout(Some(Duration::from_secs(5)))
            .event_callback(move |event| async move { report(service, &event) });
        if let Some(folder) = &config.keys {
            let seed =
                keys::read_seed(folder, service).map_err(|source| ConnectError::Key { service, source })?;
            options = options.nkey(seed);
        }
        let addresses = config
            .url
            .split(',')
            .map(|address| address.trim().parse::<async_nats::ServerAddr>())
            .collect::<Result<Vec<_>, _>>()
            .map_err(|_| ConnectError::Address(without_password(&config.url)))?;
        let client =
            async_nats::connect_with_options(addresses, options).await.map_err(ConnectError::Connect)?;
        let jetstream = jetstream::context::ContextBuilder::new()
            .timeout(ACK_TIMEOUT)
            .ack_timeout(ACK_TIMEOUT)
            .build(client.clone());
        Ok(Self { client, jetstream, service })
    }

    /// Connects, waiting for as long as the broker is not there. `None` when shutdown came first.
    ///
    /// # Errors
    /// When waiting cannot help: a bad address, an unusable key.
    pub async fn connect_patiently(
        config: &BusConfig,
        shutdown: &tokio_util::sync::CancellationToken,
    ) -> Result<Option<Self>, ConnectError> {
        let mut attempt = 0;
        loop {
            let error = match Self::connect(config).await {
                Ok(bus) => return Ok(Some(bus)),
                Err(error @ ConnectError::Connect(_)) => error,
                Err(error) => return Err(error),
            };
            attempt += 1;
            tracing::warn!(service = %config.service, %error, attempt, "waiting for the broker");
            tokio::select! {
                () = shutdown.cancelled() => return Ok(None),
                () = tokio::time::sleep(WAIT.delay(attempt)) => {}
            }
        }
    }

    #[must_use]
    pub const fn service(&self) -> Service {
        self.service
    }

    /// For what is not on a stream: progress and typing.
    #[must_use]
    pub const fn core(&self) -> &async_nats::Client {
        &self.client
    }

    #[must_use]
    pub const fn jetstream(&self) -> &jetstream::Context {
        &self.jetstream
    }

    #[must_use]
    pub fn is_connected(&self) -> bool {
        self.client.connection_state() == async_nats::connection::State::Connected
    }

    /// Sends what is still buffered and closes; a broker that is away is not waited for.
    pub async fn close(&self) {
        match tokio::time::timeout(CLOSE, self.client.drain()).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::debug!(%error, "broker connection was already closed"),
            Err(_) => tracing::warn!(service = %self.service, "the broker is away; closing without it"),
        }
    }

    /// The name of the server, for people.
    #[must_use]
    pub fn server(&self) -> Arc<str> {
        self.client.server_info().server_name.into()
    }
}

/// A permission violation is only an event on the connection, while the call itself just times out:
/// without this line nobody would know why.
fn report(service: Service, event: &ConnectionEvent) {
    match event {
        ConnectionEvent::Connected => tracing::info!(%service, "connected to the broker"),
        ConnectionEvent::Disconnected => tracing::warn!(%service, "disconnected from the broker"),
        ConnectionEvent::ServerError(error) => {
            metrics::counter!("vestnik_broker_errors_total", "service" => service.name()).increment(1);
            tracing::error!(%service, %error, "the broker refused something");
        }
        other => tracing::debug!(%service, event = %other, "broker connection"),
    }
}

fn without_password(url: &str) -> String {
    url.rsplit_once('@').map_or_else(|| url.to_owned(), |(_, host)| format!("nats://…@{host}"))
}
