use std::{
    collections::BTreeMap,
    net::TcpListener,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::Context as _;
use events::{
    Bus, BusConfig, Service,
    bus::{keys, provision, retry::Backoff},
};
use private_servers::{
    Durability, NatsOptions, NatsServer, PostgresOptions, PostgresServer, find_nats_server, find_postgres_bin,
};
use process::Shutdown;
use store::MigrateError;
use tokio::sync::Mutex;

use super::options::Options;
use crate::var::Var;

/// The broker and the database, private or not.
#[derive(Debug)]
pub(crate) struct Servers {
    nats: Mutex<Option<NatsServer>>,
    postgres: Mutex<Option<PostgresServer>>,
    nats_url: String,
    nats_keys: Option<PathBuf>,
    database_url: String,
}

const DATABASE: &str = "vestnik";
const PATIENCE: Backoff = Backoff { first: Duration::from_millis(100), most: Duration::from_secs(2) };
const LOOK: Duration = Duration::from_secs(1);

impl Servers {
    /// Starts what is not configured.
    pub(crate) async fn start(var: &Var, options: &Options) -> anyhow::Result<Self> {
        let (nats, postgres) = tokio::try_join!(start_nats(var, options), start_postgres(var, options))?;
        let nats_url = match (&options.nats_url, &nats) {
            (Some(url), _) => url.expose().to_owned(),
            (None, Some(server)) => server.url(),
            (None, None) => String::new(),
        };
        let database_url = match (&options.database_url, &postgres) {
            (Some(url), _) => url.expose().to_owned(),
            (None, Some(server)) => server.url(DATABASE),
            (None, None) => String::new(),
        };
        let nats_keys = if nats.is_some() { Some(var.path("keys")) } else { options.nats_keys.clone() };
        Ok(Self { nats: Mutex::new(nats), postgres: Mutex::new(postgres), nats_url, nats_keys, database_url })
    }

    /// Migrates the database and provisions the broker; waits for those that are not there yet.
    pub(crate) async fn prepare(&self, options: &Options) -> anyhow::Result<()> {
        if let Some(server) = &*self.postgres.lock().await {
            create_database(server).await?;
        }
        self.migrate().await.context("the database cannot be brought up to date; look at DATABASE_URL")?;
        provision::events(&self.bus(Service::Provision).await?, options.nats_replicas).await?;
        // The mirror needs the account of the repository's nats.conf.
        if self.nats_keys.is_some() {
            provision::audit(&self.bus(Service::AuditProvision).await?, options.nats_replicas).await?;
        }
        Ok(())
    }

    async fn migrate(&self) -> Result<(), MigrateError> {
        let mut attempt = 0;
        loop {
            match store::migrate(&self.database_url).await {
                Ok(_) => return Ok(()),
                Err(MigrateError::Connect(error)) => tracing::warn!(%error, "waiting for the database"),
                Err(error) => return Err(error),
            }
            attempt += 1;
            tokio::time::sleep(PATIENCE.delay(attempt)).await;
        }
    }

    /// Waits for as long as the broker is not there.
    pub(crate) async fn bus(&self, service: Service) -> anyhow::Result<Bus> {
        let config = BusConfig { url: self.nats_url.clone(), keys: self.nats_keys.clone(), service };
        Bus::connect_patiently(&config, &Shutdown::new())
            .await
            .context("the broker cannot be used; look at NATS_URL and NATS_KEYS")?
            .context("stopped while waiting for the broker")
    }

    pub(crate) fn nats_url(&self) -> &str {
        &self.nats_url
    }

    pub(crate) fn nats_keys(&self) -> Option<&Path> {
        self.nats_keys.as_deref()
    }

    pub(crate) fn database_url(&self) -> &str {
        &self.database_url
    }

    pub(crate) async fn has_private_database(&self) -> bool {
        self.postgres.lock().await.is_some()
    }

    /// Resolves when a private server has ended by itself, with what to say about it.
    pub(crate) async fn wait_for_end(&self) -> String {
        let mut tick = tokio::time::interval(LOOK);
        loop {
            tick.tick().await;
            if self.nats.lock().await.as_mut().is_some_and(NatsServer::ended) {
                return "the private nats-server has ended; the reason is in var/log/nats.log".to_owned();
            }
            if self.postgres.lock().await.as_mut().is_some_and(PostgresServer::ended) {
                return "the private PostgreSQL has ended; the reason is in var/log/postgres.log".to_owned();
            }
        }
    }

    pub(crate) async fn stop(self) {
        let (nats, postgres) = (self.nats.into_inner(), self.postgres.into_inner());
        tokio::join!(
            async {
                if let Some(server) = nats {
                    server.stop().await;
                }
            },
            async {
                if let Some(server) = postgres {
                    server.stop().await;
                }
            },
        );
    }
}

async fn start_nats(var: &Var, options: &Options) -> anyhow::Result<Option<NatsServer>> {
    if options.nats_url.is_some() {
        return Ok(None);
    }
    let keys: BTreeMap<String, String> = keys::ensure(&var.path("keys"))?;
    // Any port that the kernel has to spare: other commands read it from var/running.json.
    let listen = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    let server = NatsServer::start(NatsOptions {
        program: find_nats_server(&var.path("tools"))?,
        config: config_file(var)?,
        listen,
        store: var.path("nats"),
        log: var.path("log/nats.log"),
        keys,
    })
    .await?;
    Ok(Some(server))
}

/// The repository's `nats.conf` is part of the program, so that it runs from any folder.
fn config_file(var: &Var) -> anyhow::Result<PathBuf> {
    let path = var.path("nats.conf");
    std::fs::write(&path, include_str!("../../../../nats.conf"))?;
    Ok(path)
}

async fn start_postgres(var: &Var, options: &Options) -> anyhow::Result<Option<PostgresServer>> {
    if options.database_url.is_some() {
        return Ok(None);
    }
    let folder = std::env::var_os("VESTNIK_POSTGRES_DIR").map_or_else(|| var.path("postgres"), PathBuf::from);
    let server = PostgresServer::start(PostgresOptions {
        bin: find_postgres_bin()?,
        folder,
        log: var.path("log/postgres.log"),
        durability: Durability::Full,
        remove: false,
    })
    .await?;
    Ok(Some(server))
}

async fn create_database(server: &PostgresServer) -> anyhow::Result<()> {
    let store = store::Store::new(&server.url("postgres"), 1)?;
    store.create_database_if_missing(DATABASE).await.context("the database cannot be created")
}
