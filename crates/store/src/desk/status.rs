use diesel::sql_types::{BigInt, Jsonb};
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
