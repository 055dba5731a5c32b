use anyhow::Context;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::config::Config;
use crate::line::{Cut, Lines};
use crate::push_webhook;
use crate::router::router;
use crate::save::Saver;
use crate::sim::Sim;
use crate::world::World;

/// Runs the simulated Telegram until `shutdown`.
///
/// # Errors
/// The address is taken, or the state file cannot be read or written.
pub async fn run(config: Config, shutdown: CancellationToken) -> anyhow::Result<()> {
    Server::bind(config, shutdown).await?.serve().await
}

/// Starts one in the background, on the address of the configuration; it stops when the handle
/// is dropped.
///
/// # Errors
/// As [`run`].
pub async fn start(config: Config) -> anyhow::Result<Sim> {
    let server = Server::bind(config, CancellationToken::new()).await?;
    let world = server.world.clone();
    let address = server.listener.local_addr()?;
    let running = tokio::spawn(server.serve());
    Ok(Sim::new(world, address, running))
}

struct Server {
    world: World,
    listener: TcpListener,
    saver: Option<Saver>,
}

impl Server {
    async fn bind(config: Config, shutdown: CancellationToken) -> anyhow::Result<Self> {
        let listener = TcpListener::bind(config.listen)
            .await
            .with_context(|| format!("cannot listen on {}", config.listen))?;
        let world = World::new(&config, shutdown);
        let saver = config.state_file.map(Saver::new);
        if let Some(saver) = &saver {
            saver.load(&world)?;
        }
        if config.people {
            world.add_people();
        }
        Ok(Self { world, listener, saver })
    }

    async fn serve(self) -> anyhow::Result<()> {
        let world = self.world;
        tracing::info!(address = %self.listener.local_addr()?, "simulated Telegram listens");
        let mut tasks = JoinSet::new();
        tasks.spawn(push_webhook::push_webhooks(world.clone()));
        if let Some(saver) = self.saver {
            tasks.spawn(saver.save(world.clone()));
        }
        let service = router(world.clone()).into_make_service_with_connect_info::<Cut>();
        axum::serve(Lines(self.listener), service)
            .with_graceful_shutdown(world.shutdown.clone().cancelled_owned())
            .await?;
        while let Some(task) = tasks.join_next().await {
            task??;
        }
        Ok(())
    }
}
