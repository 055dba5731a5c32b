use events::chats::Direction;
use jiff::Timestamp;
use serde::Serialize;
use store::chats::{self, ChatUser, Status};
use utoipa::ToSchema;
use uuid::Uuid;

/// A chat as the desk's list has it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Chat {
    /// Telegram's id of the user.
    pub(crate) user_id: i64,
    pub(crate) first_name: Option<String>,
    pub(crate) last_name: Option<String>,
    pub(crate) username: Option<String>,
    /// `open` or `closed`.
    pub(crate) status: &'static str,
    /// Counted up to 100.
    pub(crate) unread_count: i64,
    pub(crate) bot_blocked: bool,
    /// A reply was not delivered, or nobody knows.
    pub(crate) delivery_trouble: bool,
    pub(crate) last_message: LastMessage,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LastMessage {
    pub(crate) id: Uuid,
    /// `in` or `out`.
    pub(crate) direction: &'static str,
    pub(crate) message_type: &'static str,
    pub(crate) message_text: String,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) created_at: Timestamp,
}

/// The person of a chat.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Person {
    pub(crate) user_id: i64,
    first_name: Option<String>,
    last_name: Option<String>,
    username: Option<String>,
    language_code: Option<String>,
    bot_blocked: bool,
    /// The customer's account, once the person has shown that it is theirs.
    linked_user_id: Option<Uuid>,
}

impl From<chats::Chat> for Chat {
    fn from(chat: chats::Chat) -> Self {
        let last = chat.last_message;
        Self {
            user_id: chat.user_id,
            first_name: chat.first_name,
            last_name: chat.last_name,
            username: chat.username,
            status: chat.status.name(),
            unread_count: chat.unread,
            bot_blocked: chat.bot_blocked,
            delivery_trouble: chat.delivery_trouble,
            last_message: LastMessage {
                id: last.id,
                direction: last.direction.name(),
                message_type: last.message_type.name(),
                message_text: last.message_text,
                created_at: last.created_at,
            },
        }
    }
}

impl Chat {
    /// A chat that the database does not have yet, from its first message.
    pub(crate) fn begun(event: &events::chats::MessageReceived, last_message: LastMessage) -> Self {
        Self {
            user_id: event.user_id,
            first_name: event.from.first_name.clone(),
            last_name: event.from.last_name.clone(),
            username: event.from.username.clone(),
            status: Status::Open.name(),
            unread_count: i64::from(event.direction == Direction::In),
            bot_blocked: false,
            delivery_trouble: false,
            last_message,
        }
    }
}

impl From<&ChatUser> for Person {
    fn from(user: &ChatUser) -> Self {
        Self {
            user_id: user.user_id,
            first_name: user.first_name.clone(),
            last_name: user.last_name.clone(),
            username: user.username.clone(),
            language_code: user.language_code.clone(),
            bot_blocked: user.bot_blocked,
            linked_user_id: user.linked_user_id,
        }
    }
}
