use std::collections::HashMap;

use diesel::sql_types::{Array, BigInt, Bool, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl as _;
use uuid::Uuid;

use crate::{Conn, prepared::Prepared as _};

/// What is known of a person when a message of theirs comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    pub closed: bool,
    /// The person is not heard.
    pub banned: bool,
    /// They have written to one of our bots before.
    pub met: bool,
    /// Whether the bot tells them of their orders.
    pub notices: bool,
    /// The account that they have shown to be theirs.
    pub account: Option<Uuid>,
    /// IETF tag, as Telegram says it.
    pub language_code: Option<String>,
}

impl Known {
    /// Somebody of whom nothing is known yet.
    #[must_use]
    pub const fn nothing() -> Self {
        Self { closed: false, banned: false, met: false, notices: true, account: None, language_code: None }
    }
}

/// A Telegram user who is to be told of an account's orders.
#[derive(Debug, Clone, PartialEq, Eq, diesel::QueryableByName)]
pub struct Told {
    #[diesel(sql_type = SqlUuid)]
    pub account: Uuid,
    /// Telegram's id of the user.
    #[diesel(sql_type = BigInt)]
    pub user_id: i64,
    #[diesel(sql_type = Nullable<Text>)]
    pub language_code: Option<String>,
}

#[derive(diesel::QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    user_id: i64,
    #[diesel(sql_type = Bool)]
    closed: bool,
    #[diesel(sql_type = Bool)]
    banned: bool,
    #[diesel(sql_type = Bool)]
    met: bool,
    #[diesel(sql_type = Bool)]
    notices: bool,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    account: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    language_code: Option<String>,
}

/// What is known of these people; who is missing has no chat.
pub async fn known(conn: &mut Conn, users: &[i64]) -> diesel::QueryResult<HashMap<i64, Known>> {
    if users.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<Row> = diesel::sql_query(
        "SELECT user_id, operator_chat_status = 'closed' AS closed, banned_reason IS NOT NULL AS banned,
                bot_id <> 0 AS met, notices, linked_user_id AS account, language_code
         FROM user_data JOIN users ON users.telegram_user_id = user_data.user_id
         WHERE user_id = ANY($1)",
    )
    .bind::<Array<BigInt>, _>(users)
    .prepared()
    .get_results(conn)
    .await?;
    let known = rows.into_iter().map(|row| {
        let Row { user_id, closed, banned, met, notices, account, language_code } = row;
        (user_id, Known { closed, banned, met, notices, account, language_code })
    });
    Ok(known.collect())
}

/// Who is to be told of these accounts' orders: everybody linked to one, but for those who do not want it, are
/// not heard, or have blocked the bot that they wrote to last.
pub async fn told(conn: &mut Conn, accounts: &[Uuid]) -> diesel::QueryResult<Vec<Told>> {
    if accounts.is_empty() {
        return Ok(Vec::new());
    }
    diesel::sql_query(
        "SELECT linked_user_id AS account, user_data.user_id, language_code
         FROM users JOIN user_data ON user_data.user_id = users.telegram_user_id
         LEFT JOIN chat_blocks ON chat_blocks.user_id = user_data.user_id AND chat_blocks.bot_id = user_data.bot_id
         WHERE linked_user_id = ANY($1) AND notices AND banned_reason IS NULL AND NOT COALESCE(blocked, false)
         ORDER BY user_data.user_id",
    )
    .bind::<Array<SqlUuid>, _>(accounts)
    .prepared()
    .get_results(conn)
    .await
}
