use std::time::{Duration, Instant};

use anyhow::Context as _;
use futures::{StreamExt as _, stream};
use serde_json::json;

use super::{Desk, live::Live};

const PERSON: i64 = 2_000_000_001;
const PATIENCE: Duration = Duration::from_secs(30);

/// What many live pages cost, and how long until each is told of a message.
pub(super) async fn measure(desk: &Desk<'_>, count: usize) -> anyhow::Result<()> {
    let before = desk.system.resident_megabytes();
    let client = reqwest::Client::builder().pool_max_idle_per_host(0).build()?;
    let opened = (0..count).map(|_| Live::open(desk, &client));
    let pages: Vec<_> = stream::iter(opened).buffer_unordered(32).collect().await;
    let mut pages = pages.into_iter().collect::<anyhow::Result<Vec<_>>>()?;
    let url = format!("{}/sim/api/users/{PERSON}/messages", desk.telegram);
    let started = Instant::now();
    client.post(url).json(&json!({"text": "всем"})).send().await?.error_for_status()?;
    let told = stream::iter(pages.iter_mut())
        .map(|page| async move {
            let text = tokio::time::timeout(PATIENCE, page.next_message()).await;
            text.context("a page was not told")??;
            Ok::<_, anyhow::Error>(started.elapsed())
        })
        .buffer_unordered(count);
    let told: Vec<_> = told.collect().await;
    let mut last = Duration::ZERO;
    for one in told {
        last = last.max(one?);
    }
    println!(
        "{:<52} {:>8.1} ms after a person wrote",
        format!("Vestnik, the last of {count} live pages is told"),
        last.as_secs_f64() * 1_000.0
    );
    if let (Some(before), Some(after)) = (before, desk.system.resident_megabytes()) {
        println!(
            "memory of all services in one process: {before} MB before these pages, {after} MB with them"
        );
    }
    Ok(())
}
