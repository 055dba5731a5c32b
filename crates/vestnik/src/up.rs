//! `vestnik up`: composes the services, and gives them what they need.

pub(crate) mod accounts;
mod options;
mod page;
mod servers;
mod services;

pub(crate) use options::Options;

use std::time::{Duration, Instant};

use anyhow::{Context as _, anyhow, bail};
use process::{Shutdown, shutdown};

use self::{servers::Servers, services::Services};
use crate::var::{Running, Var};

/// Within this the services stop, and after it the servers: together under five seconds.
const SERVICES_STOP: Duration = Duration::from_secs(4);

pub(crate) async fn run(options: Options) -> anyhow::Result<()> {
    let started = Instant::now();
    let shutdown = shutdown::on_signals()?;
    let var = Var::find()?;
    var.create()?;
    let Some(lock) = var.lock()? else {
        return join(&var, &options, shutdown).await;
    };
    options.check_ports()?;
    let servers = tokio::select! {
        servers = Servers::start(&var, &options) => servers?,
        () = shutdown.cancelled() => return Ok(()),
    };
    let result = compose(&var, &options, &servers, started, shutdown).await;
    var.remove("running.json");
    servers.stop().await;
    drop(lock);
    result
}

async fn compose(
    var: &Var,
    options: &Options,
    servers: &Servers,
    started: Instant,
    shutdown: Shutdown,
) -> anyhow::Result<()> {
    let running = options.running(servers);
    let prepare = async {
        servers.prepare(options).await?;
        if options.has("http-edge") { accounts::ensure(var, servers).await } else { Ok(None) }
    };
    let accounts = tokio::select! {
        accounts = prepare => accounts?,
        ended = servers.wait_for_end() => bail!(ended),
        () = shutdown.cancelled() => return Ok(()),
    };
    let mut services = Services::start(options, &running, &shutdown);
    let greet = async {
        if options.has("http-edge") {
            services::wait_until_ready(&running).await;
        }
        var.write("running.json", &running)?;
        accounts::credit(accounts.as_ref(), &running).await?;
        if options.only.is_empty() {
            page::print(&running, accounts.as_ref(), &var.path(accounts::FILE), started.elapsed());
        } else {
            println!("{} ready", options.only.join(", "));
        }
        Ok(())
    };
    let result = tokio::select! {
        result = supervise(&mut services, greet, &shutdown) => result,
        ended = servers.wait_for_end() => Err(anyhow!(ended)),
    };
    shutdown.cancel();
    let stopped = services.stop(SERVICES_STOP).await;
    result.and(stopped)
}

/// With `--only`, the services join the system that runs in the folder; otherwise it is one too many.
async fn join(var: &Var, options: &Options, shutdown: Shutdown) -> anyhow::Result<()> {
    let running: Option<Running> = var.read("running.json")?;
    if options.only.is_empty() {
        let pid = running.map_or_else(String::new, |running| format!(" (process {})", running.pid));
        bail!(
            "a system already runs in {}{pid}; stop it first, or set VESTNIK_VAR to another folder",
            var.folder().display()
        );
    }
    let running = running.context("the system in this folder is still starting; try again in a moment")?;
    let mut services = Services::start(options, &running, &shutdown);
    println!("{} joined the system of process {}", options.only.join(", "), running.pid);
    let result = supervise(&mut services, async { Ok(()) }, &shutdown).await;
    shutdown.cancel();
    let stopped = services.stop(SERVICES_STOP).await;
    result.and(stopped)
}

/// Greets when all is ready, then waits for shutdown. A service that ends by itself ends everything.
async fn supervise(
    services: &mut Services,
    greet: impl Future<Output = anyhow::Result<()>>,
    shutdown: &Shutdown,
) -> anyhow::Result<()> {
    let greet_and_wait = async {
        greet.await?;
        shutdown.cancelled().await;
        Ok(())
    };
    tokio::select! {
        biased;
        () = shutdown.cancelled() => Ok(()),
        failed = services.next_failure() => Err(anyhow!(failed)),
        result = greet_and_wait => result,
    }
}
