mod limit;
mod memory;
mod pictures;

use std::{
    path::PathBuf,
    sync::atomic::{AtomicU64, Ordering},
    thread,
    time::{Duration, Instant},
};

use clap::Args;
use media_worker::render::{Options as Rendering, Stages, render};

use pictures::Picture;

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Seconds of each measurement
    #[arg(long, default_value_t = 5)]
    seconds: u64,
    /// Only print how many bytes rendering this file takes
    #[arg(long, hide = true, value_name = "FILE")]
    peak_of: Option<PathBuf>,
}

/// As long as the link of an order.
const LINK: &str = "https://example.org/tasks/0192f7c4-7c1e-7b43-9d55-4f0e6a1f2b3c?ref=vestnik";
/// Renders before the first that counts.
const WARM_UP: usize = 3;

/// Blocks the thread: what is measured here has no other work beside it.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    if let Some(file) = &options.peak_of {
        return memory::tell(file);
    }
    let duration = Duration::from_secs(options.seconds.max(1));
    let pictures = pictures::targets()?;
    println!("QR code over a picture, read back, on one core; median milliseconds");
    println!();
    println!(
        "{:<44} {:>7} {:>7} {:>7} {:>7} {:>7} {:>9} {:>6}",
        "", "total", "decode", "plate", "encode", "small", "read back", "hash"
    );
    for picture in &pictures {
        let stages = one_core(picture, duration)?;
        println!("{}", line(&format!("Vestnik, {}", picture.name), stages));
        for (what, milliseconds) in limit::of(picture, duration)? {
            println!("{:<44} {milliseconds:>7.1}", format!("  limit: {what}"));
        }
    }
    println!();
    if !limit::is_available() {
        println!("libjpeg-turbo's limit is not available: there is no tjbench (Debian: libjpeg-turbo-progs)");
    }
    let cores = thread::available_parallelism()?.get();
    for picture in &pictures {
        let rate = all_cores(picture, cores, duration)?;
        println!("{:<44} {rate:>7.1}/s", format!("Vestnik, {}, {cores} cores", picture.name));
    }
    println!();
    for picture in &pictures {
        match memory::peak_of(picture)? {
            Some(bytes) => println!(
                "{:<44} {:>7.1} MiB of {} allowed for",
                format!("peak memory, {}", picture.name),
                bytes as f64 / f64::from(1 << 20),
                media_worker::render::memory_bound(&picture.file, LINK, &Rendering::default())? >> 20
            ),
            None => println!("peak memory is not told by this system"),
        }
    }
    Ok(())
}

/// A render that does not read is an error.
fn once(file: &[u8]) -> anyhow::Result<Stages> {
    Ok(render(file, LINK, &Rendering::default())?.stages)
}

fn one_core(picture: &Picture, duration: Duration) -> anyhow::Result<Stages> {
    for _ in 0..WARM_UP {
        once(&picture.file)?;
    }
    let (started, mut rounds) = (Instant::now(), Vec::new());
    while started.elapsed() < duration {
        rounds.push(once(&picture.file)?);
    }
    // The stages of one and the same render, so that they add up.
    rounds.sort_by_key(Stages::total);
    Ok(rounds[rounds.len() / 2])
}

/// Renders per second with as many threads as there are cores.
fn all_cores(picture: &Picture, cores: usize, duration: Duration) -> anyhow::Result<f64> {
    let done = AtomicU64::new(0);
    let started = Instant::now();
    thread::scope(|scope| {
        let threads: Vec<_> = (0..cores)
            .map(|_| {
                scope.spawn(|| {
                    while started.elapsed() < duration {
                        once(&picture.file)?;
                        done.fetch_add(1, Ordering::Relaxed);
                    }
                    Ok::<_, anyhow::Error>(())
                })
            })
            .collect();
        for thread in threads {
            thread.join().map_err(|_| anyhow::anyhow!("a render broke off"))??;
        }
        Ok::<_, anyhow::Error>(())
    })?;
    Ok(done.load(Ordering::Relaxed) as f64 / started.elapsed().as_secs_f64())
}

fn line(what: &str, stages: Stages) -> String {
    let ms = |micros: u64| micros as f64 / 1_000.0;
    format!(
        "{what:<44} {:>7.1} {:>7.1} {:>7.1} {:>7.1} {:>7.1} {:>9.1} {:>6.1}",
        ms(stages.total()),
        ms(stages.decode),
        ms(stages.overlay),
        ms(stages.encode),
        ms(stages.thumbnail),
        ms(stages.read_back),
        ms(stages.hash)
    )
}
