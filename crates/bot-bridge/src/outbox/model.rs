//! Whole worlds in one process: the outbox, a database whose commits fail and lie, a Telegram with every
//! fault it has, a bridge that dies at any step and comes back, a clock that jumps to whatever is next. Each
//! world is made by its seed, which a failure names; `SEED=<number>` plays one of them.

mod chance;
mod database;
mod telegram;
mod world;

use world::World;

/// Worlds in a run.
const WORLDS: u64 = 2_500;

#[test]
fn order_is_kept_and_nothing_is_lost_or_sent_twice_whatever_happens() {
    let only: Option<u64> = std::env::var("SEED").ok().and_then(|seed| seed.parse().ok());
    let seeds = only.map_or(0..WORLDS, |seed| seed..seed + 1);
    let mut seen = world::Seen::default();
    for seed in seeds {
        let played = std::panic::catch_unwind(|| World::new(seed).play());
        match played {
            Ok(of_this) => seen.add(&of_this),
            Err(panic) => {
                let why = panic
                    .downcast_ref::<String>()
                    .map(String::as_str)
                    .or_else(|| panic.downcast_ref::<&str>().copied())
                    .unwrap_or_default();
                panic!("SEED={seed}: {why}");
            }
        }
    }
    // A model in which nothing happens shows nothing.
    if only.is_none() {
        seen.is_enough();
    }
}
