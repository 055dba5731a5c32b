use std::time::{Duration, Instant};

use anyhow::ensure;
use diesel::{QueryableByName, sql_types::BigInt};
use diesel_async::RunQueryDsl as _;
use serde_json::{Value, json};
use telegram_sim::Config;

use super::Desk;

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

const PATIENCE: Duration = Duration::from_secs(300);

/// Messages per second until they are in `chat_messages`, and beside it a program that only fetches the
/// same updates, confirms them and does nothing else.
pub(super) async fn measure(desk: &Desk<'_>, people: u32, messages: u32) -> anyhow::Result<()> {
    let each = messages / people.max(1);
    let total = i64::from(people * each);
    let before = stored(desk).await?;
    let started = Instant::now();
    bulk(&desk.telegram, people, each).await?;
    loop {
        let arrived = stored(desk).await? - before;
        if arrived >= total {
            ensure!(arrived == total, "{arrived} messages are stored of {total}");
            break;
        }
        ensure!(started.elapsed() < PATIENCE, "only {arrived} messages are stored of {total}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let rate = total as f64 / started.elapsed().as_secs_f64();
    println!("{:<52} {rate:>8.0}/s", format!("Vestnik, {total} messages of {people} people, stored"));
    let limit = fetched(people, each).await?;
    println!("{:<52} {limit:>8.0}/s", "limit: the updates fetched and confirmed, no more");
    Ok(())
}

async fn bulk(telegram: &str, people: u32, each: u32) -> anyhow::Result<()> {
    let body = json!({"users": people, "messages_per_user": each, "text": "Сообщение {n} от {user}"});
    let answer = reqwest::Client::new().post(format!("{telegram}/sim/api/bulk")).json(&body).send().await?;
    answer.error_for_status()?;
    Ok(())
}

async fn stored(desk: &Desk<'_>) -> anyhow::Result<i64> {
    let mut conn = desk.system.target().store()?.conn().await?;
    let row: Count = diesel::sql_query("SELECT count(*) AS count FROM chat_messages WHERE direction = 'in'")
        .get_result(&mut conn)
        .await?;
    Ok(row.count)
}

/// Updates per second that a poller takes from a Telegram of its own.
async fn fetched(people: u32, each: u32) -> anyhow::Result<f64> {
    let telegram = telegram_sim::start(Config::for_tests()).await?;
    let url = telegram.url();
    let started = Instant::now();
    let writing = tokio::spawn(async move { bulk(&url, people, each).await });
    let client = reqwest::Client::new();
    let (mut offset, mut fetched) = (0, 0);
    while fetched < people * each {
        let asked = format!("{}/bot1:bench/getUpdates?offset={offset}&limit=100&timeout=5", telegram.url());
        let answer: Value = client.get(asked).send().await?.json().await?;
        for update in answer["result"].as_array().into_iter().flatten() {
            offset = update["update_id"].as_i64().unwrap_or_default() + 1;
            fetched += 1;
        }
        ensure!(started.elapsed() < PATIENCE, "only {fetched} updates were fetched");
    }
    let rate = f64::from(fetched) / started.elapsed().as_secs_f64();
    writing.await??;
    telegram.stop().await?;
    Ok(rate)
}
