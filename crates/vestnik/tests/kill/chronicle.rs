use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::Instant,
};

/// What was done when; told when the test fails, together with where the logs are.
#[derive(Clone)]
pub(crate) struct Chronicle(Arc<Inner>);

struct Inner {
    seed: u64,
    began: Instant,
    logs: PathBuf,
    told: Mutex<Told>,
}

#[derive(Default)]
struct Told {
    lines: Vec<String>,
    kills: Vec<&'static str>,
    over: bool,
}

impl Chronicle {
    pub(crate) fn new(seed: u64) -> Self {
        let logs = std::env::temp_dir().join(format!("vestnik-kill-{}-{seed}", std::process::id()));
        fs::create_dir_all(&logs).expect("a folder");
        Self(Arc::new(Inner { seed, began: Instant::now(), logs, told: Mutex::default() }))
    }

    pub(crate) fn seed(&self) -> u64 {
        self.0.seed
    }

    /// The folder of the processes' logs, which stays when the test fails.
    pub(crate) fn logs(&self) -> &Path {
        &self.0.logs
    }

    pub(crate) fn note(&self, what: &str) {
        let line = format!("{:8.3} s  {what}", self.0.began.elapsed().as_secs_f64());
        self.0.told.lock().expect("nobody panicked").lines.push(line);
    }

    pub(crate) fn killed(&self, victim: &'static str) {
        self.note(&format!("killed {victim}"));
        self.0.told.lock().expect("nobody panicked").kills.push(victim);
    }

    /// How often this one was killed, or all.
    pub(crate) fn kills(&self, victim: Option<&str>) -> usize {
        let told = self.0.told.lock().expect("nobody panicked");
        told.kills.iter().filter(|kill| victim.is_none_or(|victim| **kill == victim)).count()
    }

    /// Everything held: neither the story nor the logs are of interest.
    pub(crate) fn forget(&self) {
        self.0.told.lock().expect("nobody panicked").over = true;
        if let Err(error) = fs::remove_dir_all(&self.0.logs) {
            eprintln!("the logs in {} stay: {error}", self.0.logs.display());
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        let told = self.told.get_mut().unwrap_or_else(std::sync::PoisonError::into_inner);
        if told.over {
            return;
        }
        eprintln!("what was done:\n{}", told.lines.join("\n"));
        eprintln!("the logs are in {}", self.logs.display());
        eprintln!("VESTNIK_SEED={} repeats the order of the kills", self.seed);
    }
}
