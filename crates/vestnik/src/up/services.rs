use std::time::Duration;

use clap::Args;
use process::{Shutdown, WorkerConfig};
use tokio::task::JoinSet;

use super::options::Options;
use crate::var::Running;

/// The services that run in this process.
pub(crate) struct Services {
    tasks: JoinSet<(&'static str, anyhow::Result<()>)>,
}

/// The token that the bridge and the simulated Telegram agree on; it opens nothing else.
const SIMULATED_TOKEN: &str = "1000000:simulated";

impl Services {
    pub(crate) fn start(options: &Options, running: &Running, shutdown: &Shutdown) -> Self {
        let mut services = Self { tasks: JoinSet::new() };
        let connections = connections(running);
        if options.simulates_telegram() && running.pid == std::process::id() {
            let listen = options.telegram_sim_listen;
            let state = crate::var::Var::find().map(|var| var.path("telegram.json")).ok();
            let shutdown = shutdown.clone();
            services.tasks.spawn(async move {
                let result = match configure::<telegram_sim::Config>("telegram-sim", &[]) {
                    Ok(config) => {
                        let bot_token = Some(SIMULATED_TOKEN.to_owned());
                        let config = telegram_sim::Config { listen, bot_token, state_file: state, ..config };
                        telegram_sim::run(config, shutdown).await
                    }
                    Err(error) => Err(error),
                };
                ("telegram-sim", result)
            });
        }
        // Services in one process share its metrics, and one listener for them: the edge's.
        let (alone, edge_metrics) = (options.only.len() == 1, options.metrics_listen);
        let shared = move |worker: &mut WorkerConfig| {
            worker.metrics_listen = worker.metrics_listen.filter(|_| alone);
        };
        macro_rules! start {
            ($name:literal, $krate:ident, $extra:expr, |$config:ident| $adjust:expr) => {
                if options.has($name) {
                    let (arguments, shutdown) = ([connections.clone(), $extra].concat(), shutdown.clone());
                    services.tasks.spawn(async move {
                        let result = match configure::<$krate::Config>($name, &arguments) {
                            Ok(mut $config) => {
                                $adjust;
                                $krate::run($config, shutdown).await
                            }
                            Err(error) => Err(error),
                        };
                        ($name, result)
                    });
                }
            };
        }
        start!("order-worker", order_worker, vec![], |config| shared(&mut config));
        start!("media-worker", media_worker, vec![], |config| shared(&mut config.worker));
        start!("chat-worker", chat_worker, vec![], |config| shared(&mut config.worker));
        start!("bot-bridge", bot_bridge, bridge(options, running), |config| shared(&mut config.worker));
        start!("http-edge", http_edge, edge(options, running), |config| config.metrics_listen = edge_metrics);
        services
    }

    /// Resolves when a service has ended that was not asked to, with what to say about it.
    pub(crate) async fn next_failure(&mut self) -> String {
        match self.tasks.join_next().await {
            Some(Ok((name, Ok(())))) => format!("{name} ended by itself"),
            Some(Ok((name, Err(error)))) => format!("{name}: {error:#}"),
            Some(Err(error)) => format!("a service broke off: {error}"),
            None => std::future::pending().await,
        }
    }

    /// Waits until all have stopped, and tells of the first that did with an error: one that cannot go on
    /// may have stopped the others itself.
    pub(crate) async fn stop(&mut self, patience: Duration) -> anyhow::Result<()> {
        let mut result = Ok(());
        let all = async {
            while let Some(ended) = self.tasks.join_next().await {
                if let (Ok(()), Ok((name, Err(error)))) = (&result, ended) {
                    result = Err(error.context(name));
                }
            }
        };
        if tokio::time::timeout(patience, all).await.is_err() {
            tracing::warn!("some services did not stop in time; what they had in hand comes again");
            self.tasks.abort_all();
        }
        result
    }
}

/// Waits until the edge says that all it needs is there.
pub(crate) async fn wait_until_ready(running: &Running) {
    let url = format!("{}/readyz", running.metrics_url);
    while !reqwest::get(&url).await.is_ok_and(|response| response.status().is_success()) {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// A service's configuration: the environment's, but for what is given here.
fn configure<T: Args>(name: &'static str, arguments: &[String]) -> anyhow::Result<T> {
    let command = T::augment_args(clap::Command::new(name));
    let arguments = std::iter::once(name.to_owned()).chain(arguments.iter().cloned());
    Ok(T::from_arg_matches(&command.try_get_matches_from(arguments)?)?)
}

fn connections(running: &Running) -> Vec<String> {
    let mut arguments =
        vec![format!("--nats-url={}", running.nats_url), format!("--database-url={}", running.database_url)];
    if let Some(keys) = &running.nats_keys {
        arguments.push(format!("--nats-keys={}", keys.display()));
    }
    arguments
}

fn bridge(options: &Options, running: &Running) -> Vec<String> {
    let mut arguments = Vec::new();
    if options.operator_bot_token.is_none() {
        arguments.push(format!("--operator-bot-token={SIMULATED_TOKEN}"));
        arguments.extend(running.telegram_url.as_ref().map(|url| format!("--telegram-api-url={url}")));
    }
    arguments
}

fn edge(options: &Options, running: &Running) -> Vec<String> {
    let mut arguments = vec![
        format!("--public-listen={}", options.public_listen),
        format!("--backoffice-listen={}", options.backoffice_listen),
    ];
    if options.operator_bot_token.is_none() {
        arguments.extend(running.telegram_url.as_ref().map(|url| format!("--telegram-api-url={url}")));
    }
    arguments
}
