use std::{
    fs::{self, File},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
    sync::{Arc, Mutex},
    time::Duration,
};

use testkit::{free_address, wait_for};
use tokio::{
    process::{Child, Command},
    sync::{mpsc, oneshot, watch},
    time::{interval, sleep},
};

use super::chronicle::Chronicle;

/// The services as processes of their own, started again whenever they end, as an init system does.
pub(crate) struct Processes {
    all: Vec<Process>,
    /// Services that ended by themselves after they had been ready.
    gave_up: Arc<Mutex<Vec<String>>>,
}

struct Process {
    name: &'static str,
    ready: watch::Receiver<bool>,
    kill: mpsc::Sender<Kill>,
    supervision: tokio::task::JoinHandle<()>,
}

struct Kill {
    /// How long it stays away.
    down: Duration,
    done: oneshot::Sender<()>,
}

/// How to start one of them.
struct Launch {
    name: &'static str,
    environment: Vec<(String, String)>,
    metrics: SocketAddr,
    folder: PathBuf,
    log: PathBuf,
}

enum End {
    Killed { down: Duration, done: oneshot::Sender<()> },
    ByItself(ExitStatus),
    Over,
}

/// Between the end of a process that nobody killed and its next start.
const RESTART: Duration = Duration::from_millis(200);

impl Processes {
    /// `folder` is for what they keep; each gets the environment.
    pub(crate) fn start(
        names: &[&'static str],
        folder: &Path,
        environment: &[(String, String)],
        chronicle: &Chronicle,
    ) -> Self {
        let gave_up = Arc::default();
        let all = names.iter().map(|&name| {
            let launch = Launch {
                name,
                environment: environment.to_vec(),
                metrics: free_address(),
                folder: folder.join(name),
                log: chronicle.logs().join(format!("{name}.log")),
            };
            Process::start(launch, Arc::clone(&gave_up), chronicle.clone())
        });
        Self { all: all.collect(), gave_up }
    }

    pub(crate) async fn wait_until_ready(&self) {
        for process in &self.all {
            process.wait_until_ready().await;
        }
    }

    /// Kills a service that is at work with SIGKILL, and lets it be started again after `down`.
    pub(crate) async fn kill(&self, name: &str, down: Duration) {
        let process = self.all.iter().find(|process| process.name == name).expect("a service");
        let (done, killed) = oneshot::channel();
        process.kill.send(Kill { down, done }).await.expect("its supervision runs");
        killed.await.expect("its supervision runs");
    }

    pub(crate) async fn is_at_work(&self, name: &str) {
        let process = self.all.iter().find(|process| process.name == name).expect("a service");
        process.wait_until_ready().await;
    }

    /// A broker or a database that is away for a moment is no reason to end.
    pub(crate) fn none_gave_up(&self) {
        let gave_up = self.gave_up.lock().expect("nobody panicked");
        assert!(gave_up.is_empty(), "services ended by themselves: {gave_up:?}");
    }

    pub(crate) async fn stop(self) {
        for process in self.all {
            drop(process.kill);
            process.supervision.await.expect("the supervision does not panic");
        }
    }
}

impl Process {
    fn start(launch: Launch, gave_up: Arc<Mutex<Vec<String>>>, chronicle: Chronicle) -> Self {
        let name = launch.name;
        let (kill, kills) = mpsc::channel(1);
        let (at_work, ready) = watch::channel(false);
        let supervision = tokio::spawn(supervise(launch, kills, at_work, gave_up, chronicle));
        Self { name, ready, kill, supervision }
    }

    async fn wait_until_ready(&self) {
        wait_for(&format!("{} to be at work", self.name), async || *self.ready.borrow()).await;
    }
}

async fn supervise(
    launch: Launch,
    mut kills: mpsc::Receiver<Kill>,
    at_work: watch::Sender<bool>,
    gave_up: Arc<Mutex<Vec<String>>>,
    chronicle: Chronicle,
) {
    let name = launch.name;
    loop {
        let mut child = launch.start();
        let end = watch_over(&launch, &mut child, &mut kills, &at_work).await;
        let was_at_work = at_work.send_replace(false);
        match end {
            End::Killed { down, done } => {
                chronicle.killed(name);
                // Nobody waits when the test has failed meanwhile.
                let _ = done.send(());
                sleep(down).await;
                chronicle.note(&format!("starting {name}"));
            }
            End::ByItself(status) => {
                let what = format!("{name} ended by itself with {status}, at work: {was_at_work}");
                chronicle.note(&what);
                if was_at_work {
                    gave_up.lock().expect("nobody panicked").push(what);
                }
                sleep(RESTART).await;
            }
            End::Over => return,
        }
    }
}

/// Until the process ends, in whatever way.
async fn watch_over(
    launch: &Launch,
    child: &mut Child,
    kills: &mut mpsc::Receiver<Kill>,
    at_work: &watch::Sender<bool>,
) -> End {
    let mut look = interval(Duration::from_millis(20));
    loop {
        tokio::select! {
            status = child.wait() => return End::ByItself(status.expect("a status")),
            kill = kills.recv() => {
                child.kill().await.expect("it can be killed");
                return kill.map_or(End::Over, |Kill { down, done }| End::Killed { down, done });
            }
            _ = look.tick() => if launch.says_it_runs() {
                at_work.send_replace(true);
            }
        }
    }
}

impl Launch {
    fn start(&self) -> Child {
        fs::create_dir_all(&self.folder).expect("a folder");
        // A process that was killed leaves it behind.
        if self.says_it_runs() {
            fs::remove_file(self.running()).expect("a file of ours");
        }
        let log = File::options().create(true).append(true).open(&self.log).expect("a log");
        Command::new(env!("CARGO_BIN_EXE_vestnik"))
            .args(["up", "--only", self.name])
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .env("VESTNIK_VAR", &self.folder)
            .env("METRICS_LISTEN", self.metrics.to_string())
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("a second handle"))
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .expect("the command starts")
    }

    fn running(&self) -> PathBuf {
        self.folder.join("running.json")
    }

    fn says_it_runs(&self) -> bool {
        self.running().exists()
    }
}
