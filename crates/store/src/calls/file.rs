use diesel::sql_types::{Array, BigInt, Text};
use diesel_async::RunQueryDsl as _;

use crate::{Conn, prepared::Prepared as _};

/// What Telegram calls a file that a bot has sent as something.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, diesel::QueryableByName)]
pub struct TelegramFile {
    /// Of its bytes, in hexadecimal.
    #[diesel(sql_type = Text)]
    pub sha256: String,
    /// As what: `photo`, `document`.
    #[diesel(sql_type = Text)]
    pub kind: String,
    #[diesel(sql_type = Text)]
    pub telegram_file_id: String,
}

/// What a bot has sent of these files before.
pub async fn files(conn: &mut Conn, bot_id: i64, sha256: &[&str]) -> diesel::QueryResult<Vec<TelegramFile>> {
    diesel::sql_query(
        "SELECT sha256, kind, telegram_file_id FROM telegram_files WHERE bot_id = $1 AND sha256 = ANY($2)",
    )
    .bind::<BigInt, _>(bot_id)
    .bind::<Array<Text>, _>(sha256.to_vec())
    .prepared()
    .get_results(conn)
    .await
}

/// Keeps what Telegram calls files that a bot has sent; the newest name is the one that is good.
pub async fn remember(conn: &mut Conn, bot_id: i64, files: &[TelegramFile]) -> diesel::QueryResult<()> {
    // In one statement a row changes once.
    let mut files = files.to_vec();
    files.sort();
    files.dedup_by(|one, other| (&one.sha256, &one.kind) == (&other.sha256, &other.kind));
    diesel::sql_query(
        "INSERT INTO telegram_files (bot_id, sha256, kind, telegram_file_id)
         SELECT $1, sha256, kind, telegram_file_id
         FROM UNNEST($2, $3, $4) AS new (sha256, kind, telegram_file_id)
         ON CONFLICT (bot_id, sha256, kind) DO UPDATE SET telegram_file_id = EXCLUDED.telegram_file_id",
    )
    .bind::<BigInt, _>(bot_id)
    .bind::<Array<Text>, _>(files.iter().map(|file| file.sha256.as_str()).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(files.iter().map(|file| file.kind.as_str()).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(files.iter().map(|file| file.telegram_file_id.as_str()).collect::<Vec<_>>())
    .prepared()
    .execute(conn)
    .await?;
    Ok(())
}
