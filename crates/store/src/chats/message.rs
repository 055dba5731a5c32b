use diesel::prelude::QueryableByName;
use diesel::sql_types::{BigInt, Bool, Integer, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use events::{
    chats::{Attachment, Details, Direction, MessageType, ReplyFile, TextEntity},
    images::StoredObject,
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;
use uuid::Uuid;

use super::{Delivery, DeliveryState};

/// A message of a chat.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    pub id: Uuid,
    /// Telegram's id of the user whose chat it is.
    pub user_id: i64,
    /// Its place in the log: orders the history.
    pub position: i64,
    pub direction: Direction,
    pub bot_type: String,
    /// Telegram's id of the bot that received or sends it; 0 where nobody says.
    pub bot_id: i64,
    pub message_type: MessageType,
    pub message_text: String,
    pub entities: Vec<TextEntity>,
    pub details: Details,
    /// Messages that share this are one album.
    pub album: Option<String>,
    pub telegram_message_id: Option<i64>,
    /// Telegram's id of the message that this one answers.
    pub reply_to_telegram_id: Option<i64>,
    /// The operator who wrote it.
    pub operator_id: Option<Uuid>,
    /// What the bot says by itself: `welcome`, `away`, `order`, `command`.
    pub notice_kind: Option<String>,
    /// What the operator's page calls it.
    pub client_message_id: Option<String>,
    pub verified: bool,
    pub attachment: Option<Attachment>,
    /// What `GET /files/{id}` is asked for, once the bytes are here.
    pub file_id: Option<Uuid>,
    pub file: Option<StoredObject>,
    /// Why the bytes are not here: `too_large`, `not_found`, `unavailable`.
    pub file_failure: Option<String>,
    /// What an operator sends with it.
    pub files: Vec<ReplyFile>,
    /// Only of what goes out: the sum of its parts.
    pub delivery: Option<Delivery>,
    /// The calls that it is made of; empty for what came in.
    pub parts: Vec<Part>,
    /// When a part of it is tried next, if Telegram has asked for patience.
    pub next_attempt_at: Option<jiff::Timestamp>,
    /// Its failed or unknown delivery is left as it is.
    pub dismissed: bool,
    /// The newest change of each kind that an operator asked for.
    pub changes: Vec<Change>,
    /// The signs that the person has put to it.
    pub reactions: Vec<String>,
    /// How often its text was changed.
    pub edits: i64,
    pub edited_at: Option<jiff::Timestamp>,
    pub deleted_at: Option<jiff::Timestamp>,
    pub created_at: jiff::Timestamp,
}

/// One call to Telegram that a message is made of.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Part {
    pub part: u32,
    /// UTF-16 units of the message's text.
    pub offset: u32,
    pub length: u32,
    /// Places among the message's files.
    pub files: Vec<u32>,
    /// A name of [`DeliveryState`].
    pub state: String,
    pub code: Option<String>,
    /// Telegram's own words.
    pub reason: Option<String>,
}

/// A change that an operator asked for of a message that Telegram has.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Change {
    /// `edit` or `delete`.
    pub kind: String,
    pub change_id: Uuid,
    /// `queued`, `done` or `failed`.
    pub state: String,
    pub code: Option<String>,
    /// Telegram's own words.
    pub reason: Option<String>,
}

/// The columns of [`Row`], of the table or alias `message`.
pub(super) const COLUMNS: &str = "message.id, message.user_id, message.position, message.direction,
    message.bot_type, message.bot_id, message.message_type, message.message_text, message.entities,
    message.details, message.album, message.telegram_message_id, message.reply_to_telegram_id,
    message.operator_id, message.notice_kind, message.client_message_id, message.verified,
    message.attachment, message.file_id, message.file, message.file_failure, message.files,
    message.delivery_state, message.delivery_code, message.delivery_reason, message.delivery_attempt,
    message.dismissed, message.edited_at, message.deleted_at, message.created_at,
    (SELECT jsonb_agg(jsonb_build_object('part', part, 'offset', text_offset, 'length', text_length,
                'files', part.files, 'state', state, 'code', code, 'reason', reason) ORDER BY part)
     FROM chat_message_parts AS part
     WHERE part.message_id = message.id AND message.delivery_state IS NOT NULL) AS parts,
    (SELECT GREATEST(min(not_before), max(until)) FROM calls
     LEFT JOIN bot_pauses AS pause ON pause.bot_id = calls.bot_id AND pause.until > now()
     WHERE calls.message_id = message.id AND message.delivery_state = 'queued' AND state = 'queued')
        AS next_attempt_at,
    (SELECT jsonb_agg(jsonb_build_object('kind', kind, 'change_id', change_id, 'state', state, 'code', code,
                'reason', reason) ORDER BY kind)
     FROM chat_message_changes AS change
     WHERE change.message_id = message.id AND message.delivery_state IS NOT NULL) AS changes,
    (SELECT jsonb_agg(sign ORDER BY reaction.telegram_message_id)
     FROM chat_reactions AS reaction, UNNEST(reaction.reactions) AS sign
     WHERE reaction.user_id = message.user_id AND reaction.telegram_message_id = ANY (ARRAY(
               SELECT message.telegram_message_id UNION
               SELECT sent.telegram_message_id FROM chat_sent_ids AS sent WHERE sent.message_id = message.id))
           AND message.bot_id IN (reaction.bot_id, 0)) AS reactions,
    (SELECT count(*) FROM chat_message_edits AS edit
     WHERE edit.message_id = message.id AND message.edited_at IS NOT NULL) AS edits";

#[derive(QueryableByName)]
pub(super) struct Row {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = BigInt)]
    user_id: i64,
    #[diesel(sql_type = BigInt)]
    position: i64,
    #[diesel(sql_type = Text)]
    direction: String,
    #[diesel(sql_type = Text)]
    bot_type: String,
    #[diesel(sql_type = BigInt)]
    bot_id: i64,
    #[diesel(sql_type = Text)]
    message_type: String,
    #[diesel(sql_type = Text)]
    message_text: String,
    #[diesel(sql_type = Nullable<Jsonb>)]
    entities: Option<Value>,
    #[diesel(sql_type = Nullable<Jsonb>)]
    details: Option<Value>,
    #[diesel(sql_type = Nullable<Text>)]
    album: Option<String>,
    #[diesel(sql_type = Nullable<BigInt>)]
    telegram_message_id: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    reply_to_telegram_id: Option<i64>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    operator_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    notice_kind: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    client_message_id: Option<String>,
    #[diesel(sql_type = Bool)]
    verified: bool,
    #[diesel(sql_type = Nullable<Jsonb>)]
    attachment: Option<Value>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    file_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Jsonb>)]
    file: Option<Value>,
    #[diesel(sql_type = Nullable<Text>)]
    file_failure: Option<String>,
    #[diesel(sql_type = Nullable<Jsonb>)]
    files: Option<Value>,
    #[diesel(sql_type = Nullable<Text>)]
    delivery_state: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    delivery_code: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    delivery_reason: Option<String>,
    #[diesel(sql_type = Integer)]
    delivery_attempt: i32,
    #[diesel(sql_type = Bool)]
    dismissed: bool,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    edited_at: jiff_diesel::NullableTimestamp,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    deleted_at: jiff_diesel::NullableTimestamp,
    #[diesel(sql_type = Timestamptz)]
    created_at: jiff_diesel::Timestamp,
    #[diesel(sql_type = Nullable<Jsonb>)]
    parts: Option<Value>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    next_attempt_at: jiff_diesel::NullableTimestamp,
    #[diesel(sql_type = Nullable<Jsonb>)]
    changes: Option<Value>,
    #[diesel(sql_type = Nullable<Jsonb>)]
    reactions: Option<Value>,
    #[diesel(sql_type = BigInt)]
    edits: i64,
}

/// What is stored was written by this program; what it cannot read is not shown.
pub(super) fn read<T: DeserializeOwned>(value: Option<Value>) -> Option<T> {
    serde_json::from_value(value?)
        .inspect_err(|error| tracing::warn!(%error, "a message holds something that cannot be read"))
        .ok()
}

impl From<Row> for Message {
    fn from(row: Row) -> Self {
        let delivery =
            row.delivery_state.as_deref().and_then(DeliveryState::from_name).map(|state| Delivery {
                state,
                code: row.delivery_code,
                reason: row.delivery_reason,
                attempt: u32::try_from(row.delivery_attempt).unwrap_or_default(),
            });
        Self {
            id: row.id,
            user_id: row.user_id,
            position: row.position,
            direction: if row.direction == "in" { Direction::In } else { Direction::Out },
            bot_type: row.bot_type,
            bot_id: row.bot_id,
            message_type: MessageType::from_name(&row.message_type).unwrap_or(MessageType::Unsupported),
            message_text: row.message_text,
            entities: read(row.entities).unwrap_or_default(),
            details: read(row.details).unwrap_or_default(),
            album: row.album,
            telegram_message_id: row.telegram_message_id,
            reply_to_telegram_id: row.reply_to_telegram_id,
            operator_id: row.operator_id,
            notice_kind: row.notice_kind,
            client_message_id: row.client_message_id,
            verified: row.verified,
            attachment: read(row.attachment),
            file_id: row.file_id,
            file: read(row.file),
            file_failure: row.file_failure,
            files: read(row.files).unwrap_or_default(),
            delivery,
            parts: read(row.parts).unwrap_or_default(),
            next_attempt_at: row.next_attempt_at.to_jiff(),
            dismissed: row.dismissed,
            changes: read(row.changes).unwrap_or_default(),
            reactions: read(row.reactions).unwrap_or_default(),
            edits: row.edits,
            edited_at: row.edited_at.to_jiff(),
            deleted_at: row.deleted_at.to_jiff(),
            created_at: row.created_at.to_jiff(),
        }
    }
}
