//! How much memory there is for pictures.

use std::fs;

/// A quarter of the machine: database, broker and page cache are often beside it and need the rest.
const SHARE: u64 = 4;
/// What a 20-megapixel picture takes; less would refuse what phones make.
const LEAST: u64 = 400 << 20;

/// Bytes for all renders together, when nobody says otherwise.
pub(crate) fn default_budget() -> u64 {
    budget(
        fs::read_to_string("/proc/meminfo").ok().as_deref(),
        fs::read_to_string("/sys/fs/cgroup/memory.max").ok().as_deref(),
    )
}

fn budget(meminfo: Option<&str>, cgroup: Option<&str>) -> u64 {
    let machine = meminfo.and_then(|text| {
        let line = text.lines().find(|line| line.starts_with("MemTotal:"))?;
        line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kib| kib << 10)
    });
    // "max" when there is no limit.
    let container = cgroup.and_then(|text| text.trim().parse().ok());
    let there = machine.into_iter().chain(container).min();
    there.map_or(LEAST, |there| (there / SHARE).max(LEAST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smaller_of_machine_and_container_is_shared() {
        let meminfo = "MemTotal:       16777216 kB\nMemFree: 1 kB\n";
        assert_eq!(budget(Some(meminfo), Some("max\n")), 4 << 30);
        assert_eq!(budget(Some(meminfo), Some("4294967296\n")), 1 << 30);
        assert_eq!(budget(Some(meminfo), Some("536870912\n")), LEAST);
        assert_eq!(budget(None, None), LEAST);
    }
}
