use std::{
    collections::BTreeMap,
    net::SocketAddr,
    path::PathBuf,
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    net::TcpStream,
    time::timeout,
};

use crate::{
    Lifeline, ServerError,
    lifeline::{self},
};

/// How to start a nats-server.
#[derive(Debug, Clone)]
pub struct NatsOptions {
    pub program: PathBuf,
    /// The configuration file: the repository's `nats.conf`.
    pub config: PathBuf,
    pub listen: SocketAddr,
    pub store: PathBuf,
    pub log: PathBuf,
    /// The public NKeys, by the variable that the configuration takes them from.
    pub keys: BTreeMap<String, String>,
}

/// A running nats-server.
#[derive(Debug)]
pub struct NatsServer {
    options: NatsOptions,
    lifeline: Lifeline,
}

const READY: Duration = Duration::from_secs(30);
const GREETING: Duration = Duration::from_secs(1);

impl NatsServer {
    /// Starts it and waits until it greets.
    pub async fn start(options: NatsOptions) -> Result<Self, ServerError> {
        std::fs::create_dir_all(&options.store).map_err(ServerError::folder(&options.store))?;
        let command = vec![
            options.program.display().to_string(),
            "--config".to_owned(),
            options.config.display().to_string(),
        ];
        let mut environment: Vec<(String, String)> =
            options.keys.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
        environment.push(("NATS_LISTEN".into(), options.listen.to_string()));
        environment.push(("NATS_STORE_DIR".into(), format!("\"{}\"", options.store.display())));
        // TERM ends it like a service; INT and TERM are the same to it but for the exit status.
        let lifeline = Lifeline::start(&command, &environment, &options.log, "TERM", None)
            .await
            .map_err(|source| ServerError::Start { program: command[0].clone(), source })?;
        let mut server = Self { options, lifeline };
        server.wait_until_ready().await?;
        Ok(server)
    }

    #[must_use]
    pub fn url(&self) -> String {
        format!("nats://{}", self.options.listen)
    }

    #[must_use]
    pub const fn pid(&self) -> u32 {
        self.lifeline.pid()
    }

    #[must_use]
    pub const fn options(&self) -> &NatsOptions {
        &self.options
    }

    pub fn ended(&mut self) -> bool {
        self.lifeline.ended().is_some()
    }

    pub async fn stop(self) {
        self.lifeline.stop(Duration::from_secs(5)).await;
    }

    /// Kills it as a crash would; returns what starts it again.
    pub async fn kill(self) -> NatsOptions {
        self.lifeline.kill().await;
        self.options
    }

    async fn wait_until_ready(&mut self) -> Result<(), ServerError> {
        let log = self.options.log.clone();
        let started = Instant::now();
        while started.elapsed() < READY {
            if self.lifeline.ended().is_some() {
                let excerpt = lifeline::excerpt(&log);
                return Err(ServerError::Ended { program: "nats-server", log, excerpt });
            }
            if self.greets().await {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Err(ServerError::Silent { program: "nats-server", seconds: READY.as_secs(), log })
    }

    /// A server that is ready sends `INFO` to whoever connects.
    async fn greets(&self) -> bool {
        let Ok(stream) = TcpStream::connect(self.options.listen).await else { return false };
        let mut line = String::new();
        let read = timeout(GREETING, BufReader::new(stream).read_line(&mut line)).await;
        matches!(read, Ok(Ok(_))) && line.starts_with("INFO ")
    }
}
