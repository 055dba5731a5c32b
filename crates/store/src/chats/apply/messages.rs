use std::collections::HashSet;

use diesel::sql_types::{Array, BigInt, Bool, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl as _;
use events::chats::{Attachment, ChatEvent, Direction, MessageType};
use jiff_diesel::Timestamp;
use uuid::Uuid;

use super::{Step, storable};
use crate::Conn;

/// The columns of new messages.
#[derive(Default)]
struct Columns {
    id: Vec<Uuid>,
    user_id: Vec<i64>,
    position: Vec<i64>,
    direction: Vec<&'static str>,
    bot_type: Vec<String>,
    message_type: Vec<&'static str>,
    message_text: Vec<String>,
    telegram_message_id: Vec<Option<i64>>,
    reply_to_telegram_id: Vec<Option<i64>>,
    operator_id: Vec<Option<Uuid>>,
    verified: Vec<bool>,
    attachment: Vec<Option<String>>,
    delivery_state: Vec<Option<&'static str>>,
    delivery_attempt: Vec<i32>,
    created_at: Vec<Timestamp>,
}

#[derive(diesel::QueryableByName)]
struct Stored {
    #[diesel(sql_type = BigInt)]
    position: i64,
}

/// Stores the messages of the slice and returns the positions of those that are new. A message that is
/// there, under its own id or as the same message of Telegram, is left as it is.
pub(super) async fn insert(conn: &mut Conn, steps: &[Step<'_>]) -> anyhow::Result<HashSet<i64>> {
    let new = Columns::of(steps)?;
    if new.id.is_empty() {
        return Ok(HashSet::new());
    }
    let stored: Vec<Stored> = diesel::sql_query(
        "INSERT INTO chat_messages (id, user_id, position, direction, bot_type, message_type, message_text,
             telegram_message_id, reply_to_telegram_id, operator_id, verified, attachment,
             delivery_state, delivery_attempt, created_at)
         SELECT id, user_id, position, direction, bot_type, message_type, message_text,
             telegram_message_id, reply_to_telegram_id, operator_id, verified, attachment::jsonb,
             delivery_state, delivery_attempt, created_at
         FROM UNNEST($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
              AS new (id, user_id, position, direction, bot_type, message_type, message_text,
                      telegram_message_id, reply_to_telegram_id, operator_id, verified, attachment,
                      delivery_state, delivery_attempt, created_at)
         ON CONFLICT DO NOTHING RETURNING position",
    )
    .bind::<Array<SqlUuid>, _>(new.id)
    .bind::<Array<BigInt>, _>(new.user_id)
    .bind::<Array<BigInt>, _>(new.position)
    .bind::<Array<Text>, _>(new.direction)
    .bind::<Array<Text>, _>(new.bot_type)
    .bind::<Array<Text>, _>(new.message_type)
    .bind::<Array<Text>, _>(new.message_text)
    .bind::<Array<Nullable<BigInt>>, _>(new.telegram_message_id)
    .bind::<Array<Nullable<BigInt>>, _>(new.reply_to_telegram_id)
    .bind::<Array<Nullable<SqlUuid>>, _>(new.operator_id)
    .bind::<Array<Bool>, _>(new.verified)
    .bind::<Array<Nullable<Text>>, _>(new.attachment)
    .bind::<Array<Nullable<Text>>, _>(new.delivery_state)
    .bind::<Array<Integer>, _>(new.delivery_attempt)
    .bind::<Array<Timestamptz>, _>(new.created_at)
    .get_results(conn)
    .await?;
    Ok(stored.into_iter().map(|row| row.position).collect())
}

impl Columns {
    fn of(steps: &[Step<'_>]) -> anyhow::Result<Self> {
        let mut columns = Self::default();
        for step in steps {
            columns.add(step)?;
        }
        Ok(columns)
    }

    fn add(&mut self, step: &Step<'_>) -> anyhow::Result<()> {
        match step.event {
            ChatEvent::MessageReceived(message) => {
                self.id.push(message.message_id);
                self.user_id.push(message.user_id);
                self.direction.push(message.direction.name());
                self.bot_type.push(storable(&message.bot_type));
                self.message_type.push(message.message_type.name());
                self.message_text.push(storable(&message.message_text));
                self.telegram_message_id.push(message.telegram_message_id);
                self.reply_to_telegram_id.push(message.reply_to_telegram_id);
                self.operator_id.push(None);
                self.verified.push(message.verified);
                self.attachment.push(message.attachment.as_ref().map(encoded).transpose()?);
                // Another bot has sent it before it told us.
                self.delivery_state.push((message.direction == Direction::Out).then_some("sent"));
                self.delivery_attempt.push(0);
                self.created_at.push(message.sent_at.into());
            }
            ChatEvent::ReplyRequested(reply) => {
                self.id.push(reply.message_id);
                self.user_id.push(reply.user_id);
                self.direction.push(Direction::Out.name());
                self.bot_type.push(storable(&reply.bot_type));
                self.message_type.push(MessageType::Text.name());
                self.message_text.push(storable(&reply.message_text));
                self.telegram_message_id.push(None);
                self.reply_to_telegram_id.push(reply.reply_to_telegram_id);
                self.operator_id.push(Some(reply.operator_id));
                self.verified.push(true);
                self.attachment.push(None);
                self.delivery_state.push(Some("queued"));
                self.delivery_attempt.push(1);
                self.created_at.push(step.time.into());
            }
            _ => return Ok(()),
        }
        self.position.push(step.position);
        Ok(())
    }
}

fn encoded(attachment: &Attachment) -> anyhow::Result<String> {
    let clean = Attachment {
        telegram_file_id: storable(&attachment.telegram_file_id),
        file_name: attachment.file_name.as_deref().map(storable),
        mime_type: attachment.mime_type.as_deref().map(storable),
        ..attachment.clone()
    };
    Ok(serde_json::to_string(&clean)?)
}
