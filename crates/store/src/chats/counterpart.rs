use diesel::{
    OptionalExtension as _,
    sql_types::{BigInt, Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl as _;
use uuid::Uuid;

use crate::{Conn, prepared::Prepared as _};

/// Whether the desk still has something to do in a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    Open,
    Closed,
}

impl Status {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
        }
    }

    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "open" => Some(Self::Open),
            "closed" => Some(Self::Closed),
            _ => None,
        }
    }
}

/// The person of a chat, and the chat's state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatUser {
    /// Telegram's id of the user.
    pub user_id: i64,
    /// Our id of the user.
    pub id: Uuid,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub username: Option<String>,
    pub language_code: Option<String>,
    /// The account that this Telegram user has shown to be theirs.
    pub linked_user_id: Option<Uuid>,
    pub status: Status,
    /// Telegram's id of the bot that the person wrote to last; 0 while none has said its own.
    pub bot_id: i64,
    /// The person has blocked that bot.
    pub bot_blocked: bool,
    pub blocked_since: Option<jiff::Timestamp>,
    /// Whose the chat is to answer.
    pub assignee_id: Option<Uuid>,
    /// Why the person is not heard.
    pub banned_reason: Option<String>,
    /// Whether the bot tells the person of their orders.
    pub notices: bool,
    /// When the person first wrote, or was written to.
    pub known_since: jiff::Timestamp,
    pub last_position: i64,
    /// Up to which position somebody at the desk has read.
    pub read_up_to: i64,
    pub updated_at: jiff::Timestamp,
}

#[derive(diesel::QueryableByName)]
struct Row {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Nullable<Text>)]
    first_name: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    last_name: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    username: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    language_code: Option<String>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    linked_user_id: Option<Uuid>,
    #[diesel(sql_type = Text)]
    operator_chat_status: String,
    #[diesel(sql_type = BigInt)]
    bot_id: i64,
    #[diesel(sql_type = Bool)]
    bot_blocked: bool,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    blocked_at: jiff_diesel::NullableTimestamp,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    assignee_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    banned_reason: Option<String>,
    #[diesel(sql_type = Bool)]
    notices: bool,
    #[diesel(sql_type = Timestamptz)]
    created_at: jiff_diesel::Timestamp,
    #[diesel(sql_type = BigInt)]
    last_position: i64,
    #[diesel(sql_type = BigInt)]
    read_up_to: i64,
    #[diesel(sql_type = Timestamptz)]
    updated_at: jiff_diesel::Timestamp,
}

/// Whose chat this is; `None` when there is no such chat.
pub async fn by_user(conn: &mut Conn, user_id: i64) -> diesel::QueryResult<Option<ChatUser>> {
    let row: Option<Row> = diesel::sql_query(
        "SELECT users.id, first_name, last_name, username, language_code, linked_user_id,
                operator_chat_status, user_data.bot_id, COALESCE(blocked, false) AS bot_blocked,
                chat_blocks.at AS blocked_at, assignee_id, banned_reason, notices, users.created_at,
                last_position, COALESCE(read_up_to, 0) AS read_up_to, user_data.updated_at
         FROM user_data
         LEFT JOIN chat_blocks ON chat_blocks.user_id = user_data.user_id AND chat_blocks.bot_id = user_data.bot_id
         JOIN users ON users.telegram_user_id = user_data.user_id
         LEFT JOIN read_markers ON read_markers.user_id = user_data.user_id
         WHERE user_data.user_id = $1",
    )
    .bind::<BigInt, _>(user_id)
    .prepared()
    .get_result(conn)
    .await
    .optional()?;
    Ok(row.map(|row| ChatUser {
        user_id,
        id: row.id,
        first_name: row.first_name,
        last_name: row.last_name,
        username: row.username,
        language_code: row.language_code,
        linked_user_id: row.linked_user_id,
        status: Status::from_name(&row.operator_chat_status).unwrap_or(Status::Open),
        bot_id: row.bot_id,
        bot_blocked: row.bot_blocked,
        blocked_since: row.blocked_at.to_jiff().filter(|_| row.bot_blocked),
        assignee_id: row.assignee_id,
        banned_reason: row.banned_reason,
        notices: row.notices,
        known_since: row.created_at.to_jiff(),
        last_position: row.last_position,
        read_up_to: row.read_up_to,
        updated_at: row.updated_at.to_jiff(),
    }))
}
