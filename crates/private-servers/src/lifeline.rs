use std::{
    io,
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
    time::Duration,
};

use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, ChildStdin, Command},
    time::timeout,
};

/// A server that ends with whoever started it.
///
/// A small shell stands between: it starts the server, tells its process id, and waits for the end of its
/// own standard input, which comes when the starter closes it or dies in whatever way.
#[derive(Debug)]
pub struct Lifeline {
    shell: Child,
    /// Closing it stops the server.
    input: Option<ChildStdin>,
    server: u32,
    signal: &'static str,
}

/// `$1` is the signal, `$2` the log, `$3` a folder to remove when the starter has ended or asked for the
/// end (not when the server dies by itself) or empty, the rest the command.
const SCRIPT: &str = r#"
signal=$1; log=$2; remove=$3; shift 3
exec 3<&0 </dev/null
asked=; trap 'asked=1' USR1
"$@" >>"$log" 2>&1 3<&- &
server=$!
echo "$server"
( cat <&3 >/dev/null; kill -s USR1 $$; kill -s "$signal" "$server" ) 2>/dev/null >&2 &
watcher=$!
exec 3<&-
while kill -0 "$server" 2>/dev/null; do wait "$server"; status=$?; done
if [ -z "$asked" ]; then
  kill "$watcher"
elif [ -n "$remove" ]; then
  rm -rf "$remove"
fi
exit "$status"
"#;

impl Lifeline {
    /// Starts `command`, whose output is appended to `log`. `signal` is what asks it to stop; `remove` goes
    /// when the starter has ended. All paths must be absolute.
    pub(crate) async fn start(
        command: &[String],
        environment: &[(String, String)],
        log: &Path,
        signal: &'static str,
        remove: Option<&Path>,
    ) -> io::Result<Self> {
        let mut shell = Command::new("sh")
            .args(["-c", SCRIPT, "lifeline", signal])
            .arg(log)
            .arg(remove.map(Path::as_os_str).unwrap_or_default())
            .args(command)
            // PostgreSQL's user may not be able to enter the starter's folder.
            .current_dir("/")
            .envs(environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            // Ctrl-C in the terminal is for the starter, which stops its services before its servers.
            .process_group(0)
            .spawn()?;
        let input = shell.stdin.take();
        let output = shell.stdout.take().ok_or_else(|| io::Error::other("the shell has no output"))?;
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line).await?;
        let server = line.trim().parse().map_err(|_| io::Error::other("the server was not started"))?;
        Ok(Self { shell, input, server, signal })
    }

    /// The server's process id.
    #[must_use]
    pub const fn pid(&self) -> u32 {
        self.server
    }

    /// The status, if the server has ended.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.shell.try_wait().ok().flatten()
    }

    /// Asks the server to stop and waits; kills it when it takes longer than `patience`.
    pub async fn stop(mut self, patience: Duration) {
        self.input = None;
        if timeout(patience, self.shell.wait()).await.is_err() {
            tracing::warn!(
                pid = self.server,
                signal = self.signal,
                "server did not stop in time; killing it"
            );
            self.send("KILL").await;
            if let Err(error) = self.shell.wait().await {
                tracing::warn!(%error, "could not wait for a server");
            }
        }
    }

    /// Kills the server as a crash would, and waits until it is gone.
    pub async fn kill(mut self) {
        self.send("KILL").await;
        if let Err(error) = self.shell.wait().await {
            tracing::warn!(%error, "could not wait for a server");
        }
    }

    async fn send(&self, signal: &str) {
        let sent = Command::new("kill").args(["-s", signal, &self.server.to_string()]).status().await;
        if let Err(error) = sent {
            tracing::warn!(%error, "could not signal a server");
        }
    }
}

/// The last lines of a log, for an error message.
pub(crate) fn excerpt(log: &PathBuf) -> String {
    let text = std::fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().rev().take(8).collect();
    lines.into_iter().rev().collect::<Vec<_>>().join("\n")
}
