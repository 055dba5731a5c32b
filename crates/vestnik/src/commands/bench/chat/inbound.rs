use std::time::{Duration, Instant};

use anyhow::ensure;
use diesel::{QueryableByName, sql_types::BigInt};
use diesel_async::RunQueryDsl as _;
use serde_json::{Value, json};
use telegram_sim::Config;

use super::Desk;

/// How many messages there are after a position, and up to where.
#[derive(QueryableByName)]
struct Stored {
    #[diesel(sql_type = BigInt)]
    count: i64,
    #[diesel(sql_type = BigInt)]
    position: i64,
}

const PATIENCE: Duration = Duration::from_secs(300);

/// Messages per second until they are in `chat_messages`, and beside it a program that only fetches the
/// same updates, confirms them and does nothing else.
pub(super) async fn measure(desk: &Desk<'_>, people: u32, messages: u32) -> anyhow::Result<()> {
    let each = messages / people.max(1);
    let total = i64::from(people * each);
    let mut conn = desk.system.target().store()?.conn().await?;
    let (mut arrived, mut position) = (0, stored(&mut conn, 0).await?.position);
    let started = Instant::now();
    bulk(&desk.telegram, people, each).await?;
    loop {
        let more = stored(&mut conn, position).await?;
        (arrived, position) = (arrived + more.count, more.position);
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

/// Only what is new is counted: counting everything again and again would be a load of its own.
async fn stored(conn: &mut store::Conn, after: i64) -> anyhow::Result<Stored> {
    let new = diesel::sql_query(
        "SELECT count(*) FILTER (WHERE direction = 'in') AS count, COALESCE(max(position), $1) AS position
         FROM chat_messages WHERE position > $1",
    );
    Ok(new.bind::<BigInt, _>(after).get_result(conn).await?)
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
