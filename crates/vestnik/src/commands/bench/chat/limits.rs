//! What this machine's servers do alone with the same messages.

use std::time::{Duration, Instant};

use diesel::sql_types::BigInt;
use diesel_async::RunQueryDsl as _;

use super::Desk;
use crate::commands::bench::limits;

/// As many as the chat worker stores at once when there is much to do.
const BATCH: i64 = 500;
const IN_FLIGHT: usize = 1_000;

pub(super) async fn measure(desk: &Desk<'_>) -> anyhow::Result<()> {
    let duration = desk.duration / 2;
    let rate = postgres(desk, duration).await?;
    println!("{:<52} {rate:>8.0}/s", format!("limit: PostgreSQL alone, {BATCH} messages per transaction"));
    let rate = limits::jetstream(desk.system.folder(), IN_FLIGHT, duration).await?;
    println!("{:<52} {rate:>8.0}/s", format!("limit: JetStream alone, {IN_FLIGHT} in flight"));
    Ok(())
}

/// Rows per second in a table with the same indexes.
async fn postgres(desk: &Desk<'_>, duration: Duration) -> anyhow::Result<f64> {
    let mut conn = desk.system.target().store()?.conn().await?;
    diesel::sql_query("CREATE TABLE messages_alone (LIKE chat_messages INCLUDING ALL)")
        .execute(&mut conn)
        .await?;
    let started = Instant::now();
    let mut rows = 0;
    while started.elapsed() < duration {
        let insert = diesel::sql_query(
            "INSERT INTO messages_alone (id, user_id, position, direction, bot_type, message_type, message_text,
                 telegram_message_id, verified, created_at)
             SELECT gen_random_uuid(), i % 1000, i, 'in', 'operator', 'text', 'Сообщение ' || i || ' от ' || i % 1000,
                    i, true, now()
             FROM generate_series($1 + 1, $1 + $2) AS i",
        );
        insert.bind::<BigInt, _>(rows).bind::<BigInt, _>(BATCH).execute(&mut conn).await?;
        rows += BATCH;
    }
    let rate = rows as f64 / started.elapsed().as_secs_f64();
    diesel::sql_query("DROP TABLE messages_alone").execute(&mut conn).await?;
    Ok(rate)
}
