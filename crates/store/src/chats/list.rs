use diesel::sql_types::{BigInt, Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl as _;
use events::chats::{Direction, MessageType};
use uuid::Uuid;

use super::Status;
use crate::Conn;

/// A chat as the desk's list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chat {
    pub user_id: i64,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub username: Option<String>,
    pub status: Status,
    pub bot_blocked: bool,
    /// Incoming messages that nobody has read; counted up to 100.
    pub unread: i64,
    /// One of the last 50 messages was not delivered, or nobody knows.
    pub delivery_trouble: bool,
    /// The position of the newest message: what the list is ordered by, and its cursor.
    pub last_position: i64,
    pub last_message: LastMessage,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastMessage {
    pub id: Uuid,
    pub direction: Direction,
    pub message_type: MessageType,
    pub message_text: String,
    pub created_at: jiff::Timestamp,
}

/// Which chats, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListQuery {
    pub status: Option<Status>,
    /// Part of a name or a username, or Telegram's id of the user.
    pub search: Option<String>,
    /// The cursor of the page before.
    pub before: Option<i64>,
    /// 1 to 100.
    pub limit: i64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatList {
    pub chats: Vec<Chat>,
    pub next_before: Option<i64>,
}

const MOST: i64 = 100;

#[derive(diesel::QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    user_id: i64,
    #[diesel(sql_type = Nullable<Text>)]
    first_name: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    last_name: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    username: Option<String>,
    #[diesel(sql_type = Text)]
    operator_chat_status: String,
    #[diesel(sql_type = Bool)]
    bot_blocked: bool,
    #[diesel(sql_type = BigInt)]
    unread: i64,
    #[diesel(sql_type = Bool)]
    delivery_trouble: bool,
    #[diesel(sql_type = BigInt)]
    last_position: i64,
    #[diesel(sql_type = SqlUuid)]
    last_message_id: Uuid,
    #[diesel(sql_type = Text)]
    direction: String,
    #[diesel(sql_type = Text)]
    message_type: String,
    #[diesel(sql_type = Text)]
    message_text: String,
    #[diesel(sql_type = Timestamptz)]
    created_at: jiff_diesel::Timestamp,
}

/// The page is chosen first and looked up in detail afterwards, so that the counts are made for at most
/// one page of chats. They are bounded, so that a chat nobody reads costs no more than another.
const SELECT: &str = "
    SELECT chat.user_id, chat.first_name, chat.last_name, chat.username, chat.operator_chat_status,
           COALESCE((SELECT blocked FROM chat_blocks
               WHERE chat_blocks.user_id = chat.user_id AND chat_blocks.bot_id = chat.bot_id), false)
               AS bot_blocked,
           chat.last_position, chat.last_message_id,
           message.direction, message.message_type, message.message_text, message.created_at,
           (SELECT count(*) FROM (
               SELECT FROM chat_messages AS unread
               WHERE unread.user_id = chat.user_id AND unread.direction = 'in'
                 AND unread.position > COALESCE(marker.read_up_to, 0)
               ORDER BY unread.position DESC LIMIT 100) AS counted) AS unread,
           EXISTS (SELECT FROM (
               SELECT recent.delivery_state, recent.dismissed FROM chat_messages AS recent
               WHERE recent.user_id = chat.user_id ORDER BY recent.position DESC LIMIT 50) AS recent
             WHERE recent.delivery_state IN ('failed', 'unknown') AND NOT recent.dismissed) AS delivery_trouble
    FROM chat
    JOIN chat_messages AS message ON message.id = chat.last_message_id
    LEFT JOIN read_markers AS marker ON marker.user_id = chat.user_id
    ORDER BY chat.last_position DESC";

/// A page of the desk's list.
pub async fn list(conn: &mut Conn, query: &ListQuery) -> diesel::QueryResult<ChatList> {
    let limit = query.limit.clamp(1, MOST);
    let search = query.search.as_deref().map(str::trim).filter(|search| !search.is_empty());
    let rows: Vec<Row> = diesel::sql_query(format!(
        "WITH chat AS (
             SELECT user_data.*, users.first_name, users.last_name, users.username
             FROM user_data JOIN users ON users.telegram_user_id = user_data.user_id
             WHERE ($1 IS NULL OR operator_chat_status = $1) AND last_position < $2
               AND ($3 IS NULL OR user_id::text = $4
                    -- In a database of locale C only ICU knows upper and lower case beyond ASCII.
                    OR concat_ws(' ', first_name, last_name, '@' || username) COLLATE \"und-x-icu\" ILIKE $3)
             ORDER BY last_position DESC LIMIT $5)
         {SELECT}"
    ))
    .bind::<Nullable<Text>, _>(query.status.map(Status::name))
    .bind::<BigInt, _>(query.before.unwrap_or(i64::MAX))
    .bind::<Nullable<Text>, _>(search.map(contains))
    .bind::<Nullable<Text>, _>(search)
    .bind::<BigInt, _>(limit + 1)
    .get_results(conn)
    .await?;
    let mut chats: Vec<Chat> = rows.into_iter().map(Chat::from).collect();
    let page = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = chats.len() > page;
    chats.truncate(page);
    let next_before = chats.last().filter(|_| more).map(|last| last.last_position);
    Ok(ChatList { chats, next_before })
}

/// One chat as the list shows it: for a live update of its row.
pub async fn one(conn: &mut Conn, user_id: i64) -> diesel::QueryResult<Option<Chat>> {
    let rows: Vec<Row> = diesel::sql_query(format!(
        "WITH chat AS (
             SELECT user_data.*, users.first_name, users.last_name, users.username
             FROM user_data JOIN users ON users.telegram_user_id = user_data.user_id
             WHERE user_id = $1)
         {SELECT}"
    ))
    .bind::<BigInt, _>(user_id)
    .get_results(conn)
    .await?;
    Ok(rows.into_iter().next().map(Chat::from))
}

/// A pattern that finds the text anywhere; what LIKE takes for wildcards stands for itself.
fn contains(text: &str) -> String {
    let mut pattern = String::from("%");
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        if c != '\0' {
            pattern.push(c);
        }
    }
    pattern.push('%');
    pattern
}

impl From<Row> for Chat {
    fn from(row: Row) -> Self {
        Self {
            user_id: row.user_id,
            first_name: row.first_name,
            last_name: row.last_name,
            username: row.username,
            status: Status::from_name(&row.operator_chat_status).unwrap_or(Status::Open),
            bot_blocked: row.bot_blocked,
            unread: row.unread,
            delivery_trouble: row.delivery_trouble,
            last_position: row.last_position,
            last_message: LastMessage {
                id: row.last_message_id,
                direction: if row.direction == "in" { Direction::In } else { Direction::Out },
                message_type: MessageType::from_name(&row.message_type).unwrap_or(MessageType::Unsupported),
                message_text: row.message_text,
                created_at: row.created_at.to_jiff(),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_searched_for_stands_for_itself() {
        assert_eq!(contains("100%_\\"), r"%100\%\_\\%");
    }
}
