use std::{io, path::PathBuf};

/// Why a private server does not run; each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    #[error("nats-server 2.12 or newer was not found; run scripts/setup, or set NATS_SERVER to the program")]
    NoNatsServer,
    #[error(
        "PostgreSQL 14 or newer was not found; run scripts/setup, or set POSTGRES_BIN to the folder of its programs"
    )]
    NoPostgres,
    #[error("{program} could not be started")]
    Start { program: String, source: io::Error },
    #[error("{program} ended at once; the reason is in {}:\n{excerpt}", log.display())]
    Ended { program: &'static str, log: PathBuf, excerpt: String },
    #[error("{program} did not answer within {seconds} s; look at {}", log.display())]
    Silent { program: &'static str, seconds: u64, log: PathBuf },
    #[error("initdb failed:\n{0}")]
    InitDb(String),
    #[error("{} cannot be used", path.display())]
    Folder { path: PathBuf, source: io::Error },
    #[error(
        "PostgreSQL does not run as root, and its own user (postgres) cannot enter {}; set VESTNIK_POSTGRES_DIR \
         to a folder that it can enter, such as /var/lib/vestnik", .0.display()
    )]
    Unreachable(PathBuf),
}

impl ServerError {
    pub(crate) fn folder(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Folder { path, source }
    }
}
