use std::collections::HashSet;

use diesel::sql_types::{Array, BigInt, Bool, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl as _;
use events::chats::{ChatEvent, Direction, MessageReceived, MessageType, NoticeRequested, ReplyRequested};
use jiff_diesel::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use super::{Step, storable, storable_json};
use crate::{Conn, prepared::Prepared as _};

/// The bot type of what the bot itself says; replies say theirs.
const OPERATOR: &str = "operator";

/// A new message as its row begins.
struct New {
    id: Uuid,
    user_id: i64,
    position: i64,
    direction: Direction,
    bot_type: String,
    bot_id: i64,
    message_type: MessageType,
    message_text: String,
    telegram_message_id: Option<i64>,
    reply_to_telegram_id: Option<i64>,
    operator_id: Option<Uuid>,
    verified: bool,
    attachment: Option<String>,
    entities: Option<String>,
    files: Option<String>,
    details: Option<String>,
    album: Option<String>,
    notice_kind: Option<&'static str>,
    client_message_id: Option<String>,
    delivery_state: Option<&'static str>,
    delivery_attempt: i32,
    created_at: jiff::Timestamp,
}

#[derive(diesel::QueryableByName)]
struct Stored {
    #[diesel(sql_type = BigInt)]
    position: i64,
}

/// Stores the messages of the slice and returns the positions of those that are new. A message that is
/// there, under its own id or as the same message of Telegram, is left as it is.
pub(super) async fn insert(conn: &mut Conn, steps: &[Step<'_>]) -> anyhow::Result<HashSet<i64>> {
    let new = steps.iter().filter_map(New::of).collect::<anyhow::Result<Vec<_>>>()?;
    if new.is_empty() {
        return Ok(HashSet::new());
    }
    let stored: Vec<Stored> = diesel::sql_query(
        "INSERT INTO chat_messages (id, user_id, position, direction, bot_type, bot_id, message_type,
             message_text, telegram_message_id, reply_to_telegram_id, operator_id, verified, attachment,
             entities, files, details, album, notice_kind, client_message_id,
             delivery_state, delivery_attempt, created_at)
         SELECT id, user_id, position, direction, bot_type, bot_id, message_type,
             message_text, telegram_message_id, reply_to_telegram_id, operator_id, verified, attachment::jsonb,
             entities::jsonb, files::jsonb, details::jsonb, album, notice_kind, client_message_id,
             delivery_state, delivery_attempt, created_at
         FROM UNNEST($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
                     $21, $22)
              AS new (id, user_id, position, direction, bot_type, bot_id, message_type, message_text,
                      telegram_message_id, reply_to_telegram_id, operator_id, verified, attachment, entities,
                      files, details, album, notice_kind, client_message_id, delivery_state, delivery_attempt,
                      created_at)
         ON CONFLICT DO NOTHING RETURNING position",
    )
    .bind::<Array<SqlUuid>, _>(column(&new, |new| new.id))
    .bind::<Array<BigInt>, _>(column(&new, |new| new.user_id))
    .bind::<Array<BigInt>, _>(column(&new, |new| new.position))
    .bind::<Array<Text>, _>(column(&new, |new| new.direction.name()))
    .bind::<Array<Text>, _>(column(&new, |new| new.bot_type.clone()))
    .bind::<Array<BigInt>, _>(column(&new, |new| new.bot_id))
    .bind::<Array<Text>, _>(column(&new, |new| new.message_type.name()))
    .bind::<Array<Text>, _>(column(&new, |new| new.message_text.clone()))
    .bind::<Array<Nullable<BigInt>>, _>(column(&new, |new| new.telegram_message_id))
    .bind::<Array<Nullable<BigInt>>, _>(column(&new, |new| new.reply_to_telegram_id))
    .bind::<Array<Nullable<SqlUuid>>, _>(column(&new, |new| new.operator_id))
    .bind::<Array<Bool>, _>(column(&new, |new| new.verified))
    .bind::<Array<Nullable<Text>>, _>(column(&new, |new| new.attachment.clone()))
    .bind::<Array<Nullable<Text>>, _>(column(&new, |new| new.entities.clone()))
    .bind::<Array<Nullable<Text>>, _>(column(&new, |new| new.files.clone()))
    .bind::<Array<Nullable<Text>>, _>(column(&new, |new| new.details.clone()))
    .bind::<Array<Nullable<Text>>, _>(column(&new, |new| new.album.clone()))
    .bind::<Array<Nullable<Text>>, _>(column(&new, |new| new.notice_kind))
    .bind::<Array<Nullable<Text>>, _>(column(&new, |new| new.client_message_id.clone()))
    .bind::<Array<Nullable<Text>>, _>(column(&new, |new| new.delivery_state))
    .bind::<Array<Integer>, _>(column(&new, |new| new.delivery_attempt))
    .bind::<Array<Timestamptz>, _>(column(&new, |new| Timestamp::from(new.created_at)))
    .prepared()
    .get_results(conn)
    .await?;
    Ok(stored.into_iter().map(|row| row.position).collect())
}

fn column<'n, T>(new: &'n [New], of: impl Fn(&'n New) -> T) -> Vec<T> {
    new.iter().map(of).collect()
}

impl New {
    fn of(step: &Step<'_>) -> Option<anyhow::Result<Self>> {
        match step.event {
            ChatEvent::MessageReceived(message) => Some(Self::received(step, message)),
            ChatEvent::ReplyRequested(reply) => Some(Self::reply(step, reply)),
            ChatEvent::NoticeRequested(notice) => Some(Ok(Self::notice(step, notice))),
            _ => None,
        }
    }

    fn received(step: &Step<'_>, message: &MessageReceived) -> anyhow::Result<Self> {
        Ok(Self {
            id: message.message_id,
            user_id: message.user_id,
            position: step.position,
            direction: message.direction,
            bot_type: storable(&message.bot_type),
            bot_id: message.bot_id.unwrap_or_default(),
            message_type: message.message_type,
            message_text: storable(&message.message_text),
            telegram_message_id: message.telegram_message_id,
            reply_to_telegram_id: message.reply_to_telegram_id,
            operator_id: None,
            verified: message.verified,
            attachment: message.attachment.as_ref().map(storable_json).transpose()?,
            entities: list(&message.entities)?,
            files: None,
            details: message.details.as_ref().map(storable_json).transpose()?,
            album: message.album.as_deref().map(storable),
            notice_kind: None,
            client_message_id: None,
            // Another bot has sent it before it told us.
            delivery_state: (message.direction == Direction::Out).then_some("sent"),
            delivery_attempt: 0,
            created_at: message.sent_at,
        })
    }

    fn reply(step: &Step<'_>, reply: &ReplyRequested) -> anyhow::Result<Self> {
        Ok(Self {
            id: reply.message_id,
            user_id: reply.user_id,
            bot_type: storable(&reply.bot_type),
            bot_id: reply.bot_id.unwrap_or_default(),
            // One bubble: what its first file is, if it has one.
            message_type: reply.files.as_slice().first().map_or(MessageType::Text, |file| file.kind),
            message_text: storable(&reply.message_text),
            reply_to_telegram_id: reply.reply_to_telegram_id,
            operator_id: Some(reply.operator_id),
            entities: list(&reply.entities)?,
            files: list(&reply.files)?,
            client_message_id: reply.client_message_id.as_deref().map(storable),
            ..Self::queued(step)
        })
    }

    fn notice(step: &Step<'_>, notice: &NoticeRequested) -> Self {
        Self {
            id: notice.message_id,
            user_id: notice.user_id,
            bot_id: notice.bot_id.unwrap_or_default(),
            message_text: storable(&notice.message_text),
            notice_kind: Some(notice.kind.name()),
            ..Self::queued(step)
        }
    }

    /// Something that goes out.
    fn queued(step: &Step<'_>) -> Self {
        Self {
            id: Uuid::nil(),
            user_id: 0,
            position: step.position,
            direction: Direction::Out,
            bot_type: OPERATOR.to_owned(),
            bot_id: 0,
            message_type: MessageType::Text,
            message_text: String::new(),
            telegram_message_id: None,
            reply_to_telegram_id: None,
            operator_id: None,
            verified: true,
            attachment: None,
            entities: None,
            files: None,
            details: None,
            album: None,
            notice_kind: None,
            client_message_id: None,
            delivery_state: Some("queued"),
            delivery_attempt: 1,
            created_at: step.time,
        }
    }
}

/// Nothing is not worth a list.
fn list<T: Serialize>(items: &[T]) -> serde_json::Result<Option<String>> {
    if items.is_empty() { Ok(None) } else { storable_json(items).map(Some) }
}
