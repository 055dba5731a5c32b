mod search;

use diesel::{
    pg::Pg,
    sql_types::{BigInt, Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl as _;
use events::chats::{Direction, MessageType};
use uuid::Uuid;

use search::{contains, has_trigram, phone};

use super::Status;
use crate::{Conn, prepared::Prepared as _};

/// A chat as the desk's list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chat {
    pub user_id: i64,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub username: Option<String>,
    pub status: Status,
    pub bot_blocked: bool,
    /// Whose the chat is to answer, and what they are called.
    pub assignee_id: Option<Uuid>,
    pub assignee: Option<String>,
    /// The person is not heard.
    pub banned: bool,
    /// When the first of the messages came that nobody has answered; of the last 100.
    pub waiting_since: Option<jiff::Timestamp>,
    /// The newest message whose text has what is searched for.
    pub hit: Option<Hit>,
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
    /// Its first 300 characters: a page has a hundred chats, and a text may be long.
    pub message_text: String,
    pub created_at: jiff::Timestamp,
}

/// A message that a search has found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    pub message_id: Uuid,
    pub message_text: String,
}

/// Whose chats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Assignee {
    Somebody(Uuid),
    Nobody,
}

/// Which chats, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListQuery {
    pub status: Option<Status>,
    /// All when absent.
    pub assignee: Option<Assignee>,
    /// Part of a name, a username, the phone of the linked account or, if the index knows any three characters of it,
    /// of what one of the newest messages says; or Telegram's id of the user.
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
    #[diesel(sql_type = Nullable<SqlUuid>)]
    assignee_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    assignee: Option<String>,
    #[diesel(sql_type = Bool)]
    banned: bool,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    waiting_since: jiff_diesel::NullableTimestamp,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    hit_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    hit_text: Option<String>,
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
           chat.assignee_id, assignee.name AS assignee, chat.banned_reason IS NOT NULL AS banned,
           hit.id AS hit_id, hit.message_text AS hit_text,
           CASE WHEN chat.operator_chat_status = 'open' AND chat.banned_reason IS NULL THEN
               (SELECT min(recent.created_at) FROM (
                   SELECT asked.direction, asked.created_at,
                          -- What the bot says by itself answers nobody.
                          bool_or(asked.direction = 'out' AND asked.notice_kind IS NULL)
                              OVER (ORDER BY asked.position DESC) AS answered
                   FROM (SELECT * FROM chat_messages WHERE user_id = chat.user_id
                         ORDER BY position DESC LIMIT 100) AS asked) AS recent
                WHERE recent.direction = 'in' AND NOT recent.answered) END AS waiting_since,
           chat.last_position, chat.last_message_id,
           message.direction, message.message_type, left(message.message_text, 300) AS message_text,
           message.created_at,
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
    LEFT JOIN users AS assignee ON assignee.id = chat.assignee_id
    LEFT JOIN chat_messages AS hit ON hit.id = chat.hit
    ORDER BY chat.last_position DESC";

/// What the indexes of migration 14 are made for, letter by letter. Only ICU knows upper and lower case beyond ASCII in
/// every database.
const NAMES: &str = "lower((COALESCE(first_name, '') || ' ' || COALESCE(last_name, '') || ' @'
    || COALESCE(username, '')) COLLATE \"und-x-icu\")";

/// Which chats a page may have: by status, cursor and whose they are.
const ASKED_FOR: &str = "($1 IS NULL OR operator_chat_status = $1) AND last_position < $2
    AND CASE $3 WHEN 'all' THEN true WHEN 'nobody' THEN assignee_id IS NULL ELSE assignee_id::text = $3 END";

/// The page's chats when all are asked for.
fn newest() -> String {
    format!(
        "chosen AS (
             SELECT user_id, NULL::uuid AS hit FROM user_data
             WHERE {ASKED_FOR} ORDER BY last_position DESC LIMIT $4)"
    )
}

/// The page's chats of those whom a search finds, and by which message. Each way of finding somebody gives one page at
/// the most, so that the planner may go through the chats, newest first, or through what the index finds, whichever it
/// takes for less. Of texts the newest are looked at: a word that
/// everybody writes is in too many.
fn found() -> String {
    format!(
        "by_name AS (
             SELECT user_id, last_position, NULL::uuid AS hit
             FROM user_data JOIN users ON users.telegram_user_id = user_data.user_id
             WHERE {ASKED_FOR} AND {NAMES} LIKE lower($5 COLLATE \"und-x-icu\")
             ORDER BY last_position DESC LIMIT $4),
         by_phone AS (
             SELECT user_id, last_position, NULL::uuid
             FROM users AS account JOIN users AS person ON person.linked_user_id = account.id
             JOIN user_data ON user_data.user_id = person.telegram_user_id
             WHERE {ASKED_FOR} AND account.phone LIKE $6
             ORDER BY last_position DESC LIMIT $4),
         by_id AS (
             SELECT user_id, last_position, NULL::uuid FROM user_data WHERE {ASKED_FOR} AND user_id = $7),
         text_hit AS (
             SELECT user_id, id, position FROM chat_messages
             WHERE $8 AND lower(message_text COLLATE \"und-x-icu\") LIKE lower($5 COLLATE \"und-x-icu\")
             ORDER BY position DESC LIMIT 500),
         by_text AS (
             SELECT user_id, last_position, newest.id
             FROM (SELECT DISTINCT ON (user_id) user_id, id FROM text_hit ORDER BY user_id, position DESC) AS newest
             JOIN user_data USING (user_id)
             WHERE {ASKED_FOR}
             ORDER BY last_position DESC LIMIT $4),
         found AS (
             SELECT * FROM by_name UNION ALL SELECT * FROM by_phone UNION ALL SELECT * FROM by_id
             UNION ALL SELECT * FROM by_text),
         chosen AS (
             SELECT user_id, (array_agg(hit) FILTER (WHERE hit IS NOT NULL))[1] AS hit
             FROM found GROUP BY user_id, last_position ORDER BY last_position DESC LIMIT $4)"
    )
}

/// A page of the desk's list.
pub async fn list(conn: &mut Conn, query: &ListQuery) -> diesel::QueryResult<ChatList> {
    let limit = query.limit.clamp(1, MOST);
    let search = query.search.as_deref().map(str::trim).filter(|search| !search.is_empty());
    let chosen = if search.is_some() { found() } else { newest() };
    let assignee = match query.assignee {
        None => "all".to_owned(),
        Some(Assignee::Nobody) => "nobody".to_owned(),
        Some(Assignee::Somebody(id)) => id.to_string(),
    };
    let asked = diesel::sql_query(format!(
        "WITH {chosen}, chat AS (
             SELECT user_data.*, chosen.hit, users.first_name, users.last_name, users.username
             FROM chosen JOIN user_data USING (user_id)
             JOIN users ON users.telegram_user_id = user_data.user_id)
         {SELECT}"
    ))
    .into_boxed::<Pg>()
    .bind::<Nullable<Text>, _>(query.status.map(Status::name))
    .bind::<BigInt, _>(query.before.unwrap_or(i64::MAX))
    .bind::<Text, _>(assignee)
    .bind::<BigInt, _>(limit + 1);
    let rows: Vec<Row> = match search {
        // Not kept prepared: which plan is good depends on what is searched for.
        Some(search) => {
            asked
                .bind::<Text, _>(contains(search))
                .bind::<Nullable<Text>, _>(phone(search))
                .bind::<Nullable<BigInt>, _>(search.parse::<i64>().ok())
                .bind::<Bool, _>(has_trigram(search))
                .get_results(conn)
                .await?
        }
        None => asked.prepared().get_results(conn).await?,
    };
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
             SELECT user_data.*, NULL::uuid AS hit, users.first_name, users.last_name, users.username
             FROM user_data JOIN users ON users.telegram_user_id = user_data.user_id
             WHERE user_id = $1)
         {SELECT}"
    ))
    .bind::<BigInt, _>(user_id)
    .prepared()
    .get_results(conn)
    .await?;
    Ok(rows.into_iter().next().map(Chat::from))
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
            assignee_id: row.assignee_id,
            assignee: row.assignee,
            banned: row.banned,
            waiting_since: row.waiting_since.to_jiff(),
            hit: row
                .hit_id
                .zip(row.hit_text)
                .map(|(message_id, message_text)| Hit { message_id, message_text }),
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
