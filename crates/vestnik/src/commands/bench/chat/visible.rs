use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use anyhow::Context as _;
use serde_json::json;

use super::{Desk, live::Live};
use crate::commands::bench::figures::Figures;

/// Messages per second: enough to see queues, far from the most there is.
const RATE: u32 = 200;
const PEOPLE: u32 = 100;
const FIRST: i64 = 2_000_000_001;
const PATIENCE: Duration = Duration::from_secs(10);

/// From the moment when a person sends until the operator's open page is told.
pub(super) async fn measure(desk: &Desk<'_>) -> anyhow::Result<()> {
    let client = reqwest::Client::new();
    for number in 0..i64::from(PEOPLE) {
        let person = json!({"id": FIRST + number, "first_name": format!("Человек {number}")});
        let url = format!("{}/sim/api/users", desk.telegram);
        client.post(url).json(&person).send().await?.error_for_status()?;
    }
    let mut page = Live::open(desk, &client).await?;
    let sent: Arc<Mutex<HashMap<String, Instant>>> = Arc::default();
    let count = u32::try_from(desk.duration.as_secs())? * RATE;
    let writing = tokio::spawn(write(client, desk.telegram.clone(), count, sent.clone()));
    let mut figures = Figures { took: desk.duration, ..Figures::default() };
    for _ in 0..count {
        let heard = tokio::time::timeout(PATIENCE, page.next_message()).await;
        let text = heard.context("a message did not come to the page")??;
        if let Some(since) = sent.lock().unwrap_or_else(PoisonError::into_inner).remove(&text) {
            figures.note(since.elapsed());
        }
    }
    writing.await??;
    println!("{}", figures.line("Vestnik, from a person to the operator's page"));
    Ok(())
}

async fn write(
    client: reqwest::Client,
    telegram: String,
    count: u32,
    sent: Arc<Mutex<HashMap<String, Instant>>>,
) -> anyhow::Result<()> {
    let mut due = tokio::time::Instant::now();
    for number in 0..count {
        due += Duration::from_secs(1) / RATE;
        tokio::time::sleep_until(due).await;
        let text = format!("видно {number}");
        let person = FIRST + i64::from(number % PEOPLE);
        let url = format!("{telegram}/sim/api/users/{person}/messages");
        sent.lock().unwrap_or_else(PoisonError::into_inner).insert(text.clone(), Instant::now());
        client.post(url).json(&json!({"text": text})).send().await?.error_for_status()?;
    }
    Ok(())
}
