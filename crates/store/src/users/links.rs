//! Which Telegram users are an account's, and the one-time words by which they become it.

use std::collections::HashMap;

use diesel::sql_types::{Array, BigInt, Binary, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl as _;
use jiff::Timestamp;
use uuid::Uuid;

use crate::{Conn, prepared::Prepared as _};

/// A Telegram user who has shown that an account is theirs.
#[derive(Debug, Clone, PartialEq, Eq, diesel::QueryableByName)]
pub struct LinkedTelegram {
    #[diesel(sql_type = BigInt)]
    pub telegram_user_id: i64,
    #[diesel(sql_type = Nullable<Text>)]
    pub first_name: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub last_name: Option<String>,
    /// Without `@`.
    #[diesel(sql_type = Nullable<Text>)]
    pub username: Option<String>,
}

/// Who is linked to this account.
pub async fn linked_to(conn: &mut Conn, account: Uuid) -> diesel::QueryResult<Vec<LinkedTelegram>> {
    diesel::sql_query(
        "SELECT telegram_user_id, first_name, last_name, username FROM users
         WHERE linked_user_id = $1 AND telegram_user_id IS NOT NULL ORDER BY telegram_user_id",
    )
    .bind::<SqlUuid, _>(account)
    .prepared()
    .get_results(conn)
    .await
}

/// Notes a one-time word by its SHA-256. The account's earlier ones, and whosever have run out, are forgotten.
pub async fn keep_link_word(
    conn: &mut Conn,
    account: Uuid,
    hash: &[u8; 32],
    now: Timestamp,
    expires_at: Timestamp,
) -> diesel::QueryResult<()> {
    diesel::sql_query(
        "WITH forgotten AS (DELETE FROM link_tokens WHERE user_id = $1 OR expires_at < $2)
         INSERT INTO link_tokens (user_id, token_hash, expires_at) VALUES ($1, $3, $4)",
    )
    .bind::<SqlUuid, _>(account)
    .bind::<Timestamptz, _>(jiff_diesel::Timestamp::from(now))
    .bind::<Binary, _>(hash.as_slice())
    .bind::<Timestamptz, _>(jiff_diesel::Timestamp::from(expires_at))
    .prepared()
    .execute(conn)
    .await?;
    Ok(())
}

#[derive(diesel::QueryableByName)]
struct Taken {
    #[diesel(sql_type = Binary)]
    token_hash: Vec<u8>,
    #[diesel(sql_type = SqlUuid)]
    user_id: Uuid,
    #[diesel(sql_type = Timestamptz)]
    expires_at: jiff_diesel::Timestamp,
}

/// Uses up the words with these hashes: whose they were, and until when each was good. A word can be taken once.
pub async fn take_link_words(
    conn: &mut Conn,
    hashes: &[Vec<u8>],
) -> diesel::QueryResult<HashMap<Vec<u8>, (Uuid, Timestamp)>> {
    if hashes.is_empty() {
        return Ok(HashMap::new());
    }
    let taken: Vec<Taken> = diesel::sql_query(
        "DELETE FROM link_tokens WHERE token_hash = ANY($1) RETURNING token_hash, user_id, expires_at",
    )
    .bind::<Array<Binary>, _>(hashes)
    .prepared()
    .get_results(conn)
    .await?;
    Ok(taken.into_iter().map(|row| (row.token_hash, (row.user_id, row.expires_at.to_jiff()))).collect())
}
