use diesel::{
    OptionalExtension as _,
    sql_types::{BigInt, Bool, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl as _;
use events::{
    chats::{Direction, TextEntity},
    images::StoredObject,
};
use uuid::Uuid;

use super::{
    Message,
    message::{COLUMNS, Row, read},
};
use crate::{Conn, prepared::Prepared as _};

/// A stretch of a chat's history.
#[derive(Debug, Clone, PartialEq)]
pub struct HistoryPage {
    /// Oldest first.
    pub messages: Vec<Message>,
    /// What to ask for next: the page before this position. `None` when there is nothing older.
    pub next_before: Option<i64>,
}

/// What a message said before it was edited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    pub previous_text: String,
    pub previous_entities: Vec<TextEntity>,
    pub edited_at: jiff::Timestamp,
}

/// The bytes of a chat's file.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredFile {
    pub object: StoredObject,
    pub file_name: Option<String>,
}

const MOST: i64 = 100;

/// The newest messages before `before` (or of all), at most 100.
pub async fn history(
    conn: &mut Conn,
    user_id: i64,
    before: Option<i64>,
    limit: i64,
) -> diesel::QueryResult<HistoryPage> {
    let limit = limit.clamp(1, MOST);
    let rows: Vec<Row> = diesel::sql_query(format!(
        "SELECT {COLUMNS} FROM chat_messages AS message
         WHERE user_id = $1 AND position < $2 ORDER BY position DESC LIMIT $3"
    ))
    .bind::<BigInt, _>(user_id)
    .bind::<BigInt, _>(before.unwrap_or(i64::MAX))
    .bind::<BigInt, _>(limit + 1)
    .prepared()
    .get_results(conn)
    .await?;
    let mut messages: Vec<Message> = rows.into_iter().map(Message::from).collect();
    let page = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = messages.len() > page;
    messages.truncate(page);
    messages.reverse();
    let next_before = messages.as_slice().first().filter(|_| more).map(|oldest| oldest.position);
    Ok(HistoryPage { messages, next_before })
}

pub async fn message_by_id(conn: &mut Conn, id: Uuid) -> diesel::QueryResult<Option<Message>> {
    let row: Option<Row> =
        diesel::sql_query(format!("SELECT {COLUMNS} FROM chat_messages AS message WHERE id = $1"))
            .bind::<SqlUuid, _>(id)
            .prepared()
            .get_result(conn)
            .await
            .optional()?;
    Ok(row.map(Message::from))
}

/// The message that came in, or that another bot has sent, under this id of Telegram's; `bot_id` is 0 where
/// nobody says which bot it was.
pub async fn by_telegram_id(
    conn: &mut Conn,
    (user_id, bot_id): (i64, i64),
    telegram_message_id: i64,
    direction: Direction,
    verified: bool,
) -> diesel::QueryResult<Option<Message>> {
    // It may be from before bots had numbers here.
    let row: Option<Row> = diesel::sql_query(format!(
        "SELECT {COLUMNS} FROM chat_messages AS message
         WHERE user_id = $1 AND telegram_message_id = $2 AND direction = $3 AND verified = $4
           AND ($5 = 0 OR bot_id IN ($5, 0))
         ORDER BY bot_id = $5 DESC, position LIMIT 1"
    ))
    .bind::<BigInt, _>(user_id)
    .bind::<BigInt, _>(telegram_message_id)
    .bind::<Text, _>(direction.name())
    .bind::<Bool, _>(verified)
    .bind::<BigInt, _>(bot_id)
    .prepared()
    .get_result(conn)
    .await
    .optional()?;
    Ok(row.map(Message::from))
}

/// The message that Telegram means by this id in a chat with this bot, whoever wrote it; every message of a
/// reply that became several is that reply.
pub async fn answered(
    conn: &mut Conn,
    (user_id, bot_id): (i64, i64),
    telegram_message_id: i64,
) -> diesel::QueryResult<Option<Message>> {
    let row: Option<Row> = diesel::sql_query(format!(
        "SELECT {COLUMNS} FROM chat_messages AS message
         WHERE id IN (
             SELECT id FROM chat_messages
             WHERE user_id = $1 AND telegram_message_id = $2 AND ($3 = 0 OR bot_id IN ($3, 0)) AND verified
             UNION ALL
             SELECT message_id FROM chat_sent_ids
             WHERE user_id = $1 AND telegram_message_id = $2 AND ($3 = 0 OR bot_id IN ($3, 0)))
         ORDER BY bot_id = $3 DESC, position LIMIT 1"
    ))
    .bind::<BigInt, _>(user_id)
    .bind::<BigInt, _>(telegram_message_id)
    .bind::<BigInt, _>(bot_id)
    .prepared()
    .get_result(conn)
    .await
    .optional()?;
    Ok(row.map(Message::from))
}

/// The newest reply that the desk has written after `position`, by anybody but `operator`.
pub async fn newest_reply_after(
    conn: &mut Conn,
    user_id: i64,
    position: i64,
    operator: Option<Uuid>,
) -> diesel::QueryResult<Option<Message>> {
    let row: Option<Row> = diesel::sql_query(format!(
        "SELECT {COLUMNS} FROM chat_messages AS message
         WHERE user_id = $1 AND position > $2 AND direction = 'out'
           AND operator_id IS NOT NULL AND operator_id IS DISTINCT FROM $3
         ORDER BY position DESC LIMIT 1"
    ))
    .bind::<BigInt, _>(user_id)
    .bind::<BigInt, _>(position)
    .bind::<Nullable<SqlUuid>, _>(operator)
    .prepared()
    .get_result(conn)
    .await
    .optional()?;
    Ok(row.map(Message::from))
}

#[derive(diesel::QueryableByName)]
struct Vouched {
    #[diesel(sql_type = Bool)]
    vouched: bool,
}

/// Whether Telegram, or a bot that is known, has vouched for the person lately, or nobody had reason to: of the last
/// 100 messages at least one that came in was verified, or none came in.
pub async fn is_vouched_for(conn: &mut Conn, user_id: i64) -> diesel::QueryResult<bool> {
    let row: Vouched = diesel::sql_query(
        "SELECT COALESCE(bool_or(verified) FILTER (WHERE direction = 'in'), true) AS vouched
         FROM (SELECT verified, direction FROM chat_messages WHERE user_id = $1
               ORDER BY position DESC LIMIT 100) AS recent",
    )
    .bind::<BigInt, _>(user_id)
    .prepared()
    .get_result(conn)
    .await?;
    Ok(row.vouched)
}

#[derive(diesel::QueryableByName)]
struct EditRow {
    #[diesel(sql_type = Text)]
    previous_text: String,
    #[diesel(sql_type = Nullable<Jsonb>)]
    previous_entities: Option<serde_json::Value>,
    #[diesel(sql_type = Timestamptz)]
    edited_at: jiff_diesel::Timestamp,
}

/// What a message said before each of its edits, oldest first.
pub async fn edits(conn: &mut Conn, message: Uuid) -> diesel::QueryResult<Vec<Edit>> {
    let rows: Vec<EditRow> = diesel::sql_query(
        "SELECT previous_text, previous_entities, edited_at FROM chat_message_edits WHERE message_id = $1 ORDER BY position",
    )
    .bind::<SqlUuid, _>(message)
    .prepared()
    .get_results(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Edit {
            previous_text: row.previous_text,
            previous_entities: read(row.previous_entities).unwrap_or_default(),
            edited_at: row.edited_at.to_jiff(),
        })
        .collect())
}

#[derive(diesel::QueryableByName)]
struct FileRow {
    #[diesel(sql_type = Jsonb)]
    file: serde_json::Value,
    #[diesel(sql_type = Nullable<Text>)]
    file_name: Option<String>,
}

/// The file that `GET /files/{id}` asks for, whichever way it went.
pub async fn file_by_id(conn: &mut Conn, file_id: Uuid) -> diesel::QueryResult<Option<StoredFile>> {
    let row: Option<FileRow> = diesel::sql_query(
        "SELECT file, attachment ->> 'fileName' AS file_name FROM chat_messages
         WHERE file_id = $1 AND file IS NOT NULL
         UNION ALL SELECT file, file_name FROM chat_files WHERE file_id = $1 LIMIT 1",
    )
    .bind::<SqlUuid, _>(file_id)
    .prepared()
    .get_result(conn)
    .await
    .optional()?;
    Ok(row.and_then(|row| Some(StoredFile { object: read(Some(row.file))?, file_name: row.file_name })))
}
