use std::collections::HashMap;

use diesel::sql_types::{Array, BigInt, Bool, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl as _;
use uuid::Uuid;

use crate::{Conn, prepared::Prepared as _};

/// A part of an outgoing message, as far as it has come.
#[derive(Debug, Clone, PartialEq, Eq, diesel::QueryableByName)]
pub struct SentPart {
    /// `queued`, `sending`, `sent`, `failed`, `unknown`.
    #[diesel(sql_type = Text)]
    pub state: String,
    /// Its text is a caption.
    #[diesel(sql_type = Bool)]
    pub has_files: bool,
    /// What Telegram calls what it became; none while it is not sent.
    #[diesel(sql_type = Array<BigInt>)]
    pub telegram_message_ids: Vec<i64>,
}

/// What a message is made of, in the order of its parts; nothing for a message that no call was made for.
pub async fn parts_of(conn: &mut Conn, message_id: Uuid) -> diesel::QueryResult<Vec<SentPart>> {
    diesel::sql_query(
        "SELECT state, task #> '{send,files}' IS NOT NULL AS has_files, telegram_message_ids
         FROM calls WHERE message_id = $1 AND task ? 'send' ORDER BY part",
    )
    .bind::<SqlUuid, _>(message_id)
    .prepared()
    .get_results(conn)
    .await
}

#[derive(diesel::QueryableByName)]
struct OfBot {
    #[diesel(sql_type = SqlUuid)]
    message_id: Uuid,
    #[diesel(sql_type = BigInt)]
    bot_id: i64,
}

/// The bots that these messages were given to: only the bot that has sent a message can change it.
pub async fn bots_of(conn: &mut Conn, messages: &[Uuid]) -> diesel::QueryResult<HashMap<Uuid, i64>> {
    let rows: Vec<OfBot> = diesel::sql_query(
        "SELECT DISTINCT ON (message_id) message_id, bot_id FROM calls
         WHERE message_id = ANY($1) AND task ? 'send' ORDER BY message_id, part",
    )
    .bind::<Array<SqlUuid>, _>(messages.to_vec())
    .prepared()
    .get_results(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.message_id, row.bot_id)).collect())
}
