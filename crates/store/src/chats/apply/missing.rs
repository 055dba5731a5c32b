use diesel::sql_types::{Array, BigInt, Integer, Nullable, Uuid as SqlUuid};
use diesel_async::RunQueryDsl as _;
use events::chats::ChatEvent;
use uuid::Uuid;

use crate::{Conn, prepared::Prepared as _};

/// What an event presupposes: without it, `apply` passes the event over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// By our id, at this attempt of its delivery or a later one.
    Message { id: Uuid, attempt: u32 },
    /// By Telegram's id, written by the user.
    Telegram { user_id: i64, telegram_message_id: i64 },
    /// Any message in the chat.
    Chat { user_id: i64 },
}

impl Expected {
    #[must_use]
    pub fn by(event: &ChatEvent) -> Option<Self> {
        match event {
            ChatEvent::MessageEdited(event) => Some(Self::Telegram {
                user_id: event.user_id,
                telegram_message_id: event.telegram_message_id,
            }),
            ChatEvent::RetryRequested(event) => Some(Self::Message { id: event.message_id, attempt: 0 }),
            ChatEvent::ReplySent(event) => {
                Some(Self::Message { id: event.message_id, attempt: event.attempt })
            }
            ChatEvent::ReplyFailed(event) => {
                Some(Self::Message { id: event.message_id, attempt: event.attempt })
            }
            ChatEvent::ReplyUnknown(event) => {
                Some(Self::Message { id: event.message_id, attempt: event.attempt })
            }
            ChatEvent::ReplyDismissed(event) => Some(Self::Message { id: event.message_id, attempt: 0 }),
            ChatEvent::EditRequested(event) => Some(Self::Message { id: event.message_id, attempt: 0 }),
            ChatEvent::ReplyEdited(event) => Some(Self::Message { id: event.message_id, attempt: 0 }),
            ChatEvent::EditFailed(event) => Some(Self::Message { id: event.message_id, attempt: 0 }),
            ChatEvent::DeleteRequested(event) => Some(Self::Message { id: event.message_id, attempt: 0 }),
            ChatEvent::ReplyDeleted(event) => Some(Self::Message { id: event.message_id, attempt: 0 }),
            ChatEvent::DeleteFailed(event) => Some(Self::Message { id: event.message_id, attempt: 0 }),
            ChatEvent::FileStored(event) => Some(Self::Message { id: event.message_id, attempt: 0 }),
            ChatEvent::FileFailed(event) => Some(Self::Message { id: event.message_id, attempt: 0 }),
            ChatEvent::ChatClosed(event) => Some(Self::Chat { user_id: event.user_id }),
            ChatEvent::ChatAssigned(event) => Some(Self::Chat { user_id: event.user_id }),
            ChatEvent::ChatBanned(event) => Some(Self::Chat { user_id: event.user_id }),
            ChatEvent::NoticesSwitched(event) => Some(Self::Chat { user_id: event.user_id }),
            ChatEvent::NoteAdded(event) => Some(Self::Chat { user_id: event.user_id }),
            // Without these a chat is open and heard; the others say all that is needed.
            ChatEvent::MessageReceived(_)
            | ChatEvent::ReplyRequested(_)
            | ChatEvent::NoticeRequested(_)
            | ChatEvent::ReactionChanged(_)
            | ChatEvent::NoteRemoved(_)
            | ChatEvent::ChatOpened(_)
            | ChatEvent::ChatUnbanned(_)
            | ChatEvent::BotBlocked(_)
            | ChatEvent::BotUnblocked(_) => None,
        }
    }
}

#[derive(diesel::QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    index: i64,
}

/// The indexes of those that are not stored yet: their events have overtaken what they follow from.
pub async fn missing(conn: &mut Conn, expected: &[Expected]) -> anyhow::Result<Vec<usize>> {
    if expected.is_empty() {
        return Ok(Vec::new());
    }
    let mut ids = Vec::with_capacity(expected.len());
    let mut attempts = Vec::with_capacity(expected.len());
    let mut users = Vec::with_capacity(expected.len());
    let mut telegram_ids = Vec::with_capacity(expected.len());
    for one in expected {
        match *one {
            Expected::Message { id, attempt } => {
                ids.push(Some(id));
                attempts.push(i32::try_from(attempt)?);
                users.push(None);
                telegram_ids.push(None);
            }
            Expected::Telegram { user_id, telegram_message_id } => {
                ids.push(None);
                attempts.push(0);
                users.push(Some(user_id));
                telegram_ids.push(Some(telegram_message_id));
            }
            Expected::Chat { user_id } => {
                ids.push(None);
                attempts.push(0);
                users.push(Some(user_id));
                telegram_ids.push(None);
            }
        }
    }
    let rows: Vec<Row> = diesel::sql_query(
        "SELECT expected.index - 1 AS index
         FROM UNNEST($1, $2, $3, $4) WITH ORDINALITY AS expected (id, attempt, user_id, telegram_id, index)
         WHERE NOT EXISTS (
             SELECT FROM chat_messages
             WHERE chat_messages.id = expected.id AND delivery_attempt >= expected.attempt
         ) AND NOT EXISTS (
             SELECT FROM chat_messages
             WHERE chat_messages.user_id = expected.user_id
               AND telegram_message_id = expected.telegram_id AND direction = 'in' AND verified
         ) AND NOT EXISTS (
             SELECT FROM user_data
             WHERE user_data.user_id = expected.user_id AND expected.telegram_id IS NULL
         )
         ORDER BY index",
    )
    .bind::<Array<Nullable<SqlUuid>>, _>(ids)
    .bind::<Array<Integer>, _>(attempts)
    .bind::<Array<Nullable<BigInt>>, _>(users)
    .bind::<Array<Nullable<BigInt>>, _>(telegram_ids)
    .prepared()
    .get_results(conn)
    .await?;
    rows.into_iter().map(|row| Ok(usize::try_from(row.index)?)).collect()
}
