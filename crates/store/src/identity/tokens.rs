use diesel::{ExpressionMethods as _, JoinOnDsl as _, OptionalExtension as _, QueryDsl as _, QueryResult};
use diesel_async::RunQueryDsl;
use jiff::Timestamp;
use uuid::Uuid;

use crate::{
    Conn,
    schema::{tokens as table, users as people},
    users::{self, User},
};

/// A bearer token, as far as it may be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// SHA-256 of the token; its beginning is enough to name it.
    pub token_hash: Vec<u8>,
    pub created_at: Timestamp,
    pub revoked_at: Option<Timestamp>,
}

/// Notes a token by its [`secret_hash`](super::secret_hash).
pub async fn create_token(
    conn: &mut Conn,
    user_id: Uuid,
    token_hash: &[u8; 32],
    now: Timestamp,
) -> QueryResult<()> {
    diesel::insert_into(table::table)
        .values((
            table::token_hash.eq(token_hash.as_slice()),
            table::user_id.eq(user_id),
            table::created_at.eq(jiff_diesel::Timestamp::from(now)),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// Whose token it is; `None` when it is unknown or revoked, or its owner's account is shut.
pub async fn token_owner(conn: &mut Conn, token_hash: &[u8; 32]) -> QueryResult<Option<User>> {
    let row: Option<users::Row> = table::table
        .inner_join(people::table.on(people::id.eq(table::user_id)))
        .filter(table::token_hash.eq(token_hash.as_slice()))
        .filter(table::revoked_at.is_null())
        .filter(people::disabled_at.is_null())
        .select((people::id, people::phone, people::name, people::role))
        .first(conn)
        .await
        .optional()?;
    Ok(row.and_then(users::read))
}

/// A user's tokens, newest first.
pub async fn tokens_of(conn: &mut Conn, user_id: Uuid) -> QueryResult<Vec<Token>> {
    let rows: Vec<(Vec<u8>, jiff_diesel::Timestamp, Option<jiff_diesel::Timestamp>)> = table::table
        .filter(table::user_id.eq(user_id))
        .order(table::created_at.desc())
        .select((table::token_hash, table::created_at, table::revoked_at))
        .load(conn)
        .await?;
    Ok(rows
        .into_iter()
        .map(|(token_hash, created, revoked)| Token {
            token_hash,
            created_at: created.into(),
            revoked_at: revoked.map(Into::into),
        })
        .collect())
}

/// Revokes a token. `false` when there is none that is still good. An edge that has just seen the token
/// takes it for up to 5 s longer.
pub async fn revoke_token(conn: &mut Conn, token_hash: &[u8; 32], now: Timestamp) -> QueryResult<bool> {
    let revoked = diesel::update(
        table::table.filter(table::token_hash.eq(token_hash.as_slice())).filter(table::revoked_at.is_null()),
    )
    .set(table::revoked_at.eq(jiff_diesel::Timestamp::from(now)))
    .execute(conn)
    .await?;
    Ok(revoked > 0)
}
