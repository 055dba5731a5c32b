use std::collections::HashSet;

use diesel::sql_types::{Array, BigInt, Jsonb};
use diesel_async::RunQueryDsl as _;

use crate::{Conn, prepared::Prepared as _};

/// Writes down how a bot's line to Telegram is: a `bot_bridge::BotStatus`. Not derived from the log; whoever
/// reads it tells by its age whether anybody still watches the line.
pub async fn keep_status(
    conn: &mut Conn,
    bot_id: i64,
    status: &serde_json::Value,
) -> diesel::QueryResult<()> {
    diesel::sql_query(
        "INSERT INTO bot_status (bot_id, status, updated_at) VALUES ($1, $2, now())
         ON CONFLICT (bot_id) DO UPDATE SET status = EXCLUDED.status, updated_at = EXCLUDED.updated_at",
    )
    .bind::<BigInt, _>(bot_id)
    .bind::<Jsonb, _>(status)
    .prepared()
    .execute(conn)
    .await?;
    Ok(())
}

#[derive(diesel::QueryableByName)]
struct Bot {
    #[diesel(sql_type = BigInt)]
    bot_id: i64,
}

/// Those of these bots whose line nobody has watched for an hour, which is longer than a bridge is away: nobody
/// sends for them.
pub async fn unwatched(conn: &mut Conn, bots: &[i64]) -> diesel::QueryResult<HashSet<i64>> {
    let rows: Vec<Bot> = diesel::sql_query(
        "SELECT bot_id FROM UNNEST($1) AS asked (bot_id)
         WHERE NOT EXISTS (SELECT FROM bot_status
                           WHERE bot_status.bot_id = asked.bot_id AND updated_at > now() - interval '1 hour')",
    )
    .bind::<Array<BigInt>, _>(bots)
    .get_results(conn)
    .await?;
    Ok(rows.into_iter().map(|row| row.bot_id).collect())
}
