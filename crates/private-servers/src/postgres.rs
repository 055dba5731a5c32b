use std::{
    path::{Path, PathBuf},
    process::Stdio,
    time::{Duration, Instant},
};

use tokio::{net::UnixStream, process::Command};

use crate::{
    Lifeline, ServerError,
    lifeline::{self},
};

/// What the database promises after the machine has lost power. Either way nothing is lost when only the
/// server dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// Commits are synced to the disk.
    Full,
    /// Nothing is synced: for tests.
    None,
}

/// How to start a PostgreSQL.
#[derive(Debug, Clone)]
pub struct PostgresOptions {
    /// The folder of its programs.
    pub bin: PathBuf,
    /// The data, made when it is not there, and the socket's folder beside it.
    pub folder: PathBuf,
    pub log: PathBuf,
    pub durability: Durability,
    /// Whether the folder goes when the server ends.
    pub remove: bool,
}

/// A running PostgreSQL that listens on a unix socket only.
#[derive(Debug)]
pub struct PostgresServer {
    options: PostgresOptions,
    lifeline: Lifeline,
}

const READY: Duration = Duration::from_secs(60);
const PORT: u16 = 5432;

impl PostgresServer {
    /// Makes the data folder if need be, starts the server and waits until it listens.
    pub async fn start(options: PostgresOptions) -> Result<Self, ServerError> {
        let user = ServerUser::new(&options.folder)?;
        let data = options.folder.join("data");
        let socket = options.folder.join("socket");
        for folder in [&options.folder, &socket] {
            std::fs::create_dir_all(folder).map_err(ServerError::folder(folder))?;
            user.own(folder).await?;
        }
        if !data.join("PG_VERSION").exists() {
            init(&options, &user, &data).await?;
        }
        let command = user.command(&postgres(&options, &data, &socket));
        // INT is its fast shutdown: it does not wait for clients to leave.
        let lifeline = Lifeline::start(
            &command,
            &[],
            &options.log,
            "INT",
            options.remove.then_some(options.folder.as_path()),
        )
        .await
        .map_err(|source| ServerError::Start { program: "postgres".into(), source })?;
        let mut server = Self { options, lifeline };
        server.wait_until_ready(&socket).await?;
        Ok(server)
    }

    /// The URL of a database of this server.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        let socket = self.options.folder.join("socket").display().to_string();
        let socket = socket.replace('%', "%25").replace('/', "%2F").replace(' ', "%20");
        format!("postgres://postgres@/{database}?host={socket}")
    }

    #[must_use]
    pub const fn pid(&self) -> u32 {
        self.lifeline.pid()
    }

    pub fn ended(&mut self) -> bool {
        self.lifeline.ended().is_some()
    }

    pub async fn stop(self) {
        self.lifeline.stop(Duration::from_secs(10)).await;
    }

    /// Kills it as a crash would; returns what starts it again.
    pub async fn kill(self) -> PostgresOptions {
        self.lifeline.kill().await;
        self.options
    }

    async fn wait_until_ready(&mut self, socket: &Path) -> Result<(), ServerError> {
        let log = self.options.log.clone();
        let path = socket.join(format!(".s.PGSQL.{PORT}"));
        let ready = self.options.bin.join("pg_isready");
        let started = Instant::now();
        while started.elapsed() < READY {
            if self.lifeline.ended().is_some() {
                let excerpt = lifeline::excerpt(&log);
                return Err(ServerError::Ended { program: "PostgreSQL", log, excerpt });
            }
            // The socket comes first and cheaply; then the server's own word that recovery is over.
            if UnixStream::connect(&path).await.is_ok() && answers(&ready, socket).await {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Err(ServerError::Silent { program: "PostgreSQL", seconds: READY.as_secs(), log })
    }
}

async fn answers(pg_isready: &Path, socket: &Path) -> bool {
    let status = Command::new(pg_isready)
        .args(["-q", "-U", "postgres", "-d", "postgres", "-h"])
        .arg(socket)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .await;
    status.is_ok_and(|status| status.success())
}

fn postgres(options: &PostgresOptions, data: &Path, socket: &Path) -> Vec<String> {
    let mut command = vec![
        options.bin.join("postgres").display().to_string(),
        "-D".into(),
        data.display().to_string(),
        "-k".into(),
        socket.display().to_string(),
    ];
    let mut set = |setting: &str| command.extend(["-c".to_owned(), setting.to_owned()]);
    set("listen_addresses=");
    set(&format!("port={PORT}"));
    set("max_connections=200");
    set("shared_buffers=256MB");
    set("max_wal_size=2GB");
    set("lc_messages=C");
    if options.durability == Durability::None {
        set("fsync=off");
        set("full_page_writes=off");
    }
    command
}

async fn init(options: &PostgresOptions, user: &ServerUser, data: &Path) -> Result<(), ServerError> {
    // A data folder that an interrupted initdb left half made.
    if data.exists() {
        std::fs::remove_dir_all(data).map_err(ServerError::folder(data))?;
    }
    let making = data.with_extension("new");
    if making.exists() {
        std::fs::remove_dir_all(&making).map_err(ServerError::folder(&making))?;
    }
    let mut command: Vec<String> = vec![
        options.bin.join("initdb").display().to_string(),
        "--pgdata".into(),
        making.display().to_string(),
    ];
    command.extend(["--username=postgres", "--auth=trust", "--encoding=UTF8"].map(str::to_owned));
    // Sorts by code points, but knows letters beyond ASCII: without them pg_trgm finds nothing to index in Russian.
    command.extend(["--locale=C", "--lc-ctype=C.UTF-8"].map(str::to_owned));
    if options.durability == Durability::None {
        command.push("--no-sync".into());
    }
    let command = user.command(&command);
    let output = Command::new(&command[0])
        .args(&command[1..])
        .current_dir("/")
        .stdin(Stdio::null())
        .output()
        .await
        .map_err(|source| ServerError::Start { program: command[0].clone(), source })?;
    if !output.status.success() {
        return Err(ServerError::InitDb(String::from_utf8_lossy(&output.stderr).trim().to_owned()));
    }
    std::fs::rename(&making, data).map_err(ServerError::folder(data))
}

/// PostgreSQL refuses to run as root: then Debian's user `postgres` runs it.
struct ServerUser {
    root: bool,
}

impl ServerUser {
    fn new(folder: &Path) -> Result<Self, ServerError> {
        use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
        // Whoever owns what this process makes is who it runs as.
        let root = std::fs::metadata("/proc/self")
            .map_or_else(|_| std::env::var("USER").is_ok_and(|user| user == "root"), |me| me.uid() == 0);
        if root {
            for parent in folder.ancestors().skip(1) {
                let Ok(metadata) = std::fs::metadata(parent) else { continue };
                let other_may_enter = metadata.permissions().mode() & 0o001 != 0;
                if !other_may_enter {
                    return Err(ServerError::Unreachable(parent.to_owned()));
                }
            }
        }
        Ok(Self { root })
    }

    fn command(&self, command: &[String]) -> Vec<String> {
        let mut whole = Vec::new();
        if self.root {
            // Unlike runuser it does not stand between: its process becomes the server.
            whole.extend(
                ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--"].map(str::to_owned),
            );
        }
        whole.extend_from_slice(command);
        whole
    }

    async fn own(&self, folder: &Path) -> Result<(), ServerError> {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))
            .map_err(ServerError::folder(folder))?;
        if self.root {
            let status = Command::new("chown").arg("postgres:").arg(folder).status().await;
            status.map_err(ServerError::folder(folder))?;
        }
        Ok(())
    }
}
