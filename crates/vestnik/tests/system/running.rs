use std::{
    path::{Path, PathBuf},
    process::{Output, Stdio},
    time::{Duration, Instant},
};

use serde_json::Value;
use testkit::{free_address, wait_for_value};
use tokio::{
    io::AsyncWriteExt as _,
    process::{Child, Command},
};

/// The folder and the addresses of a system of one test's own.
pub(crate) struct Site {
    folder: tempfile::TempDir,
    environment: Vec<(&'static str, String)>,
}

/// A running `vestnik up`.
pub(crate) struct Up {
    pub(crate) child: Child,
}

impl Site {
    pub(crate) fn new() -> Self {
        let folder = tempfile::Builder::new().prefix("vestnik-up-").tempdir().unwrap();
        // PostgreSQL's own user must be able to pass through.
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
        }
        let mut environment: Vec<_> =
            ["PUBLIC_LISTEN", "BACKOFFICE_LISTEN", "METRICS_LISTEN", "TELEGRAM_SIM_LISTEN"]
                .map(|variable| (variable, free_address().to_string()))
                .into();
        environment.push(("VESTNIK_VAR", folder.path().display().to_string()));
        let tools = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../var/tools/nats-server");
        if tools.exists() {
            environment.push(("NATS_SERVER", tools.display().to_string()));
        }
        Self { folder, environment }
    }

    pub(crate) fn set(&mut self, variable: &'static str, value: String) {
        self.environment.retain(|(name, _)| *name != variable);
        self.environment.push((variable, value));
    }

    pub(crate) fn url(&self, variable: &str) -> String {
        let (_, address) = self.environment.iter().find(|(name, _)| *name == variable).unwrap();
        format!("http://{address}")
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A `vestnik` command in this folder.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vestnik"));
        for variable in ["NATS_URL", "NATS_KEYS", "DATABASE_URL", "OPERATOR_BOT_TOKEN", "TELEGRAM_API_URL"] {
            command.env_remove(variable);
        }
        command.args(arguments).envs(self.environment.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::null()).kill_on_drop(true);
        command
    }

    pub(crate) async fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().await.unwrap()
    }

    async fn run_with(&self, arguments: &[&str], input: &str) -> Output {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).await.unwrap();
        child.wait_with_output().await.unwrap()
    }

    /// What a command says that must succeed.
    pub(crate) async fn answer(&self, arguments: &[&str]) -> String {
        self.answer_to(arguments, "").await
    }

    /// The same of one that reads from standard input.
    pub(crate) async fn answer_to(&self, arguments: &[&str], input: &str) -> String {
        let output = self.run_with(arguments, input).await;
        let command = arguments.join(" ");
        assert!(output.status.success(), "{command}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// The error of a command that must fail: one line.
    pub(crate) async fn refusal(&self, arguments: &[&str]) -> String {
        self.refusal_of(arguments, "").await
    }

    /// The same of one that reads from standard input.
    pub(crate) async fn refusal_of(&self, arguments: &[&str], input: &str) -> String {
        let output = self.run_with(arguments, input).await;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "`vestnik {}`: {said}", arguments.join(" "));
        let error: Vec<&str> = said.lines().filter(|line| line.starts_with("vestnik: ")).collect();
        assert_eq!(error.len(), 1, "{said}");
        error[0].to_owned()
    }

    /// What is said of a command that does not exist so.
    pub(crate) async fn usage(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments).await;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "`vestnik {}`: {said}", arguments.join(" "));
        assert!(said.contains("Usage: vestnik") || said.contains("--help"), "{said}");
        said
    }

    /// Starts and waits until it says that it is ready.
    pub(crate) async fn up(&self) -> Up {
        let log = std::fs::File::create(self.path("up.log")).unwrap();
        let mut child = self.command(&["up"]).stdout(log.try_clone().unwrap()).stderr(log).spawn().unwrap();
        wait_for_value("`vestnik up` to be ready", async || {
            let said = self.said();
            if let Some(status) = child.try_wait().unwrap() {
                panic!("vestnik up ended with {status}:\n{said}");
            }
            said.contains("is ready").then_some(())
        })
        .await;
        Up { child }
    }

    pub(crate) fn said(&self) -> String {
        std::fs::read_to_string(self.path("up.log")).unwrap_or_default()
    }

    /// Phone and password of a demo account.
    pub(crate) fn account(&self, role: &str) -> (String, String) {
        let text = std::fs::read_to_string(self.path("accounts.json")).unwrap();
        let accounts: Vec<Value> = serde_json::from_str(&text).unwrap();
        let account = accounts.iter().find(|account| account["role"] == role).unwrap();
        let field = |name: &str| account[name].as_str().unwrap().to_owned();
        (field("phone"), field("password"))
    }
}

impl Up {
    pub(crate) async fn signal(&self, signal: &str) {
        let pid = self.child.id().unwrap().to_string();
        assert!(Command::new("kill").args(["-s", signal, &pid]).status().await.unwrap().success());
    }

    /// Ctrl-C, and how long it took.
    pub(crate) async fn stop(mut self) -> Duration {
        let started = Instant::now();
        self.signal("INT").await;
        let status = tokio::time::timeout(Duration::from_secs(20), self.child.wait()).await.unwrap().unwrap();
        assert!(status.success(), "vestnik up ended with {status}");
        started.elapsed()
    }
}
