use std::time::{Duration, Instant};

use rand::{Rng as _, SeedableRng as _, rngs::StdRng, seq::SliceRandom as _};
use testkit::wait_for;
use tokio::time::sleep;

use super::{
    chronicle::Chronicle,
    stage::{SERVICES, Stage},
};

pub(crate) const BROKER: &str = "nats-server";
pub(crate) const DATABASE: &str = "PostgreSQL";

/// Between two kills, and how long what was killed stays away: milliseconds.
const PAUSE: std::ops::Range<u64> = 100..1_200;
const DOWN: std::ops::Range<u64> = 0..800;

/// Kills each of them, in ever new order, until the time is over and each had at least two turns.
pub(crate) async fn run(stage: &mut Stage, chronicle: &Chronicle, length: Duration) {
    let mut random = StdRng::seed_from_u64(chronicle.seed());
    let mut victims: Vec<&'static str> = SERVICES.into_iter().chain([BROKER, DATABASE]).collect();
    let began = Instant::now();
    let mut turns = 0;
    while turns < 2 || began.elapsed() < length {
        victims.shuffle(&mut random);
        for victim in &victims {
            let pause = Duration::from_millis(random.random_range(PAUSE));
            let down = Duration::from_millis(random.random_range(DOWN));
            kill(stage, chronicle, victim, pause, down).await;
        }
        turns += 1;
    }
    for victim in victims {
        assert!(chronicle.kills(Some(victim)) >= 2, "{victim} was not killed twice");
    }
}

async fn kill(
    stage: &mut Stage,
    chronicle: &Chronicle,
    victim: &'static str,
    pause: Duration,
    down: Duration,
) {
    let away = async || {
        chronicle.killed(victim);
        sleep(down).await;
    };
    match victim {
        BROKER => {
            sleep(pause).await;
            stage.system.crash_nats(away()).await;
            chronicle.note("nats-server is back");
        }
        DATABASE => {
            sleep(pause).await;
            stage.system.crash_postgres(away()).await;
            chronicle.note("PostgreSQL is back");
        }
        service => {
            // What has not begun to work yet has nothing in hand that could be lost.
            stage.processes.is_at_work(service).await;
            if service == "bot-bridge" {
                let before = stage.sim.calls("sendMessage").total;
                let what = "the bridge to send what its predecessor had in hand, and more";
                wait_for(what, async || stage.sim.calls("sendMessage").total > before).await;
            }
            sleep(pause).await;
            stage.processes.kill(service, down).await;
        }
    }
}
