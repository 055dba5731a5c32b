//! How much memory one render takes, in a process of its own: in one that has rendered before, the allocator has kept
//! what is needed, and nothing would be seen to grow.

use std::{env, fs, path::Path, process::Command};

use anyhow::ensure;

use super::pictures::Picture;

/// Bytes by which a process grows at the most while it renders; `None` where the system does not say (that is, anywhere
/// but on Linux).
pub(super) fn peak_of(picture: &Picture) -> anyhow::Result<Option<u64>> {
    let path = env::temp_dir().join(format!("vestnik-bench-{}.picture", std::process::id()));
    fs::write(&path, &picture.file)?;
    let output = Command::new(env::current_exe()?).args(["bench", "media", "--peak-of"]).arg(&path).output();
    fs::remove_file(&path)?;
    let output = output?;
    ensure!(output.status.success(), "it cannot be measured: {}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?.trim().parse().ok())
}

/// In that process: renders the file once and prints the bytes, if the system says them.
pub(super) fn tell(path: &Path) -> anyhow::Result<()> {
    let file = fs::read(path)?;
    // Resets the high-water mark to what is resident now (proc(5)).
    let before = fs::write("/proc/self/clear_refs", "5").ok().and_then(|()| resident("VmRSS:"));
    super::once(&file)?;
    if let Some((peak, before)) = resident("VmHWM:").zip(before) {
        println!("{}", peak.saturating_sub(before));
    }
    Ok(())
}

fn resident(field: &str) -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with(field))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kib| kib << 10)
}
