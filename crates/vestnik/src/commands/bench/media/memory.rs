use std::fs;

/// Bytes by which the process grew at the most while it worked; `None` where the system does not say (that is,
/// anywhere but on Linux).
pub(super) fn peak_of<T>(work: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<Option<u64>> {
    // Resets the high-water mark to what is resident now (proc(5)).
    if fs::write("/proc/self/clear_refs", "5").is_err() {
        work()?;
        return Ok(None);
    }
    let before = resident("VmRSS:");
    work()?;
    Ok(resident("VmHWM:").zip(before).map(|(peak, before)| peak.saturating_sub(before)))
}

fn resident(field: &str) -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with(field))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kib| kib << 10)
}
