use diesel::prelude::QueryableByName;
use diesel::sql_types::{BigInt, Bool, Integer, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use events::{
    chats::{Attachment, Direction, MessageType},
    images::StoredObject,
};
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
    pub message_type: MessageType,
    pub message_text: String,
    pub telegram_message_id: Option<i64>,
    /// Telegram's id of the message that this one answers.
    pub reply_to_telegram_id: Option<i64>,
    /// The operator who wrote it.
    pub operator_id: Option<Uuid>,
    pub verified: bool,
    pub attachment: Option<Attachment>,
    /// What `GET /files/{id}` is asked for, once the bytes are here.
    pub file_id: Option<Uuid>,
    pub file: Option<StoredObject>,
    /// Why the bytes are not here: `too_large`, `not_found`, `unavailable`.
    pub file_failure: Option<String>,
    /// Only of what goes out.
    pub delivery: Option<Delivery>,
    pub edited_at: Option<jiff::Timestamp>,
    pub created_at: jiff::Timestamp,
}

/// The columns of [`Row`], of the table or alias `message`.
pub(super) const COLUMNS: &str = "message.id, message.user_id, message.position, message.direction,
    message.bot_type, message.message_type, message.message_text, message.telegram_message_id,
    message.reply_to_telegram_id, message.operator_id, message.verified, message.attachment,
    message.file_id, message.file, message.file_failure, message.delivery_state, message.delivery_code,
    message.delivery_reason, message.delivery_attempt, message.edited_at, message.created_at";

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
    #[diesel(sql_type = Text)]
    message_type: String,
    #[diesel(sql_type = Text)]
    message_text: String,
    #[diesel(sql_type = Nullable<BigInt>)]
    telegram_message_id: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    reply_to_telegram_id: Option<i64>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    operator_id: Option<Uuid>,
    #[diesel(sql_type = Bool)]
    verified: bool,
    #[diesel(sql_type = Nullable<Jsonb>)]
    attachment: Option<serde_json::Value>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    file_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Jsonb>)]
    file: Option<serde_json::Value>,
    #[diesel(sql_type = Nullable<Text>)]
    file_failure: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    delivery_state: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    delivery_code: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    delivery_reason: Option<String>,
    #[diesel(sql_type = Integer)]
    delivery_attempt: i32,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    edited_at: jiff_diesel::NullableTimestamp,
    #[diesel(sql_type = Timestamptz)]
    created_at: jiff_diesel::Timestamp,
}

impl From<Row> for Message {
    fn from(row: Row) -> Self {
        let delivery =
            row.delivery_state.as_deref().and_then(DeliveryState::from_name).map(|state| Delivery {
                state,
                code: row.delivery_code,
                reason: row.delivery_reason,
                attempt: u32::try_from(row.delivery_attempt).unwrap_or_default(),
                telegram_message_id: row.telegram_message_id,
            });
        Self {
            id: row.id,
            user_id: row.user_id,
            position: row.position,
            direction: if row.direction == "in" { Direction::In } else { Direction::Out },
            bot_type: row.bot_type,
            message_type: MessageType::from_name(&row.message_type).unwrap_or(MessageType::Unsupported),
            message_text: row.message_text,
            telegram_message_id: row.telegram_message_id,
            reply_to_telegram_id: row.reply_to_telegram_id,
            operator_id: row.operator_id,
            verified: row.verified,
            attachment: row.attachment.and_then(|value| serde_json::from_value(value).ok()),
            file_id: row.file_id,
            file: row.file.and_then(|value| serde_json::from_value(value).ok()),
            file_failure: row.file_failure,
            delivery,
            edited_at: row.edited_at.to_jiff(),
            created_at: row.created_at.to_jiff(),
        }
    }
}
