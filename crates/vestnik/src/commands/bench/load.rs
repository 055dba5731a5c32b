use std::{
    future::Future,
    net::SocketAddr,
    time::{Duration, Instant},
};

use anyhow::ensure;

use super::{client::Connection, figures::Figures};

const WARM_UP: Duration = Duration::from_secs(2);

/// What is asked, again and again.
pub(super) trait Ask: Clone + Send + Sync + 'static {
    /// Asks for the `turn`th time; whether the answer is the one that counts.
    fn ask(
        &self,
        connection: &mut Connection,
        turn: usize,
    ) -> impl Future<Output = anyhow::Result<bool>> + Send;
}

/// Connections, each with one request under way.
#[derive(Debug, Clone)]
pub(super) struct Load<A> {
    pub(super) address: SocketAddr,
    pub(super) connections: usize,
    /// Between the beginnings of two requests of one connection; closed loop without.
    pub(super) pause: Option<Duration>,
    pub(super) ask: A,
}

impl<A: Ask> Load<A> {
    /// The figures of so long, after two seconds of warming up.
    pub(super) async fn run(&self, duration: Duration) -> anyhow::Result<Figures> {
        let begin = Instant::now() + WARM_UP;
        let end = begin + duration;
        let mut tasks = tokio::task::JoinSet::new();
        for number in 0..self.connections {
            let load = self.clone();
            tasks.spawn(async move { load.connection(number, begin, end).await });
        }
        let mut figures = Figures { took: duration, ..Figures::default() };
        while let Some(done) = tasks.join_next().await {
            figures.merge(done??);
        }
        ensure!(!figures.latencies.is_empty(), "no answer was the one that counts");
        Ok(figures)
    }

    async fn connection(&self, number: usize, begin: Instant, end: Instant) -> anyhow::Result<Figures> {
        let mut connection = Connection::open(self.address).await?;
        let mut figures = Figures::default();
        // Spread evenly: all at once would be a burst of full load and then silence.
        let share = number as f64 / self.connections as f64;
        let mut due = Instant::now() + self.pause.unwrap_or_default().mul_f64(share);
        let mut turn = number;
        while Instant::now() < end {
            if let Some(pause) = self.pause {
                due += pause;
                tokio::time::sleep_until(due.into()).await;
            }
            let started = Instant::now();
            let counts = self.ask.ask(&mut connection, turn).await?;
            turn += self.connections;
            if started < begin {
                continue;
            }
            if counts {
                figures.note(started.elapsed());
            } else {
                figures.failures += 1;
            }
        }
        Ok(figures)
    }
}
