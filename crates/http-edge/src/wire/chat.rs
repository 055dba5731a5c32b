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
    /// Whose the chat is to answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) assignee_id: Option<Uuid>,
    /// The operator's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) assignee: Option<String>,
    /// The person is not heard.
    pub(crate) banned: bool,
    /// When the first message came that nobody has answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) waiting_since: Option<Timestamp>,
    /// Of a search: the newest message whose text has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) hit: Option<Hit>,
    pub(crate) last_message: LastMessage,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Hit {
    pub(crate) message_id: Uuid,
    /// What stands around it.
    pub(crate) message_text: String,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LastMessage {
    pub(crate) id: Uuid,
    /// `in` or `out`.
    pub(crate) direction: &'static str,
    pub(crate) message_type: &'static str,
    /// Its first 300 characters.
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
    #[schema(value_type = Option<String>, format = DateTime)]
    bot_blocked_since: Option<Timestamp>,
    /// Whose the chat is to answer.
    assignee_id: Option<Uuid>,
    /// Why the person is not heard.
    banned_reason: Option<String>,
    /// Whether the bot tells the person of their orders.
    notices: bool,
    /// When the person first wrote, or was written to.
    #[schema(value_type = String, format = DateTime)]
    known_since: Timestamp,
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
            assignee_id: chat.assignee_id,
            assignee: chat.assignee,
            banned: chat.banned,
            waiting_since: chat.waiting_since,
            hit: chat.hit.map(|hit| Hit { message_id: hit.message_id, message_text: hit.message_text }),
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

/// Characters of a text around what was searched for.
const AROUND: usize = 40;

impl Hit {
    /// Shortened to what stands around `search`.
    pub(crate) fn around(self, search: &str) -> Self {
        let text: Vec<char> = self.message_text.chars().collect();
        let lower = |c: &char| c.to_lowercase().next().unwrap_or(*c);
        let wanted: Vec<char> = search.trim().chars().map(|c| lower(&c)).collect();
        let low: Vec<char> = text.iter().map(lower).collect();
        let at = low.windows(wanted.len().max(1)).position(|here| here == wanted).unwrap_or_default();
        let (from, until) = (at.saturating_sub(AROUND), (at + wanted.len() + 2 * AROUND).min(text.len()));
        let mut message_text = String::new();
        message_text.extend((from > 0).then_some('…'));
        message_text.extend(&text[from..until]);
        message_text.extend((until < text.len()).then_some('…'));
        Self { message_text, ..self }
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
            assignee_id: None,
            assignee: None,
            banned: false,
            waiting_since: (event.direction == Direction::In).then_some(event.sent_at),
            hit: None,
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
            bot_blocked_since: user.blocked_since,
            assignee_id: user.assignee_id,
            banned_reason: user.banned_reason.clone(),
            notices: user.notices,
            known_since: user.known_since,
            linked_user_id: user.linked_user_id,
        }
    }
}
