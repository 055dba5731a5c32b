use events::chats::{Direction, MessageReceived, ReplyRequested};
use jiff::Timestamp;
use serde::Serialize;
use store::chats::{self, DeliveryState};
use utoipa::ToSchema;
use uuid::Uuid;

use super::LastMessage;

/// A message of a chat.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Message {
    pub(crate) id: Uuid,
    /// `in` from the person, `out` to them.
    pub(crate) direction: &'static str,
    pub(crate) bot_type: String,
    pub(crate) message_type: &'static str,
    pub(crate) message_text: String,
    pub(crate) telegram_message_id: Option<i64>,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) created_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) edited_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reply_to: Option<Quote>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) attachment: Option<Attachment>,
    /// Only of what goes out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) delivery: Option<Delivery>,
    /// The operator's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) author: Option<String>,
    /// False when nobody vouches for it.
    pub(crate) verified: bool,
}

/// The message that another one answers.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Quote {
    pub(crate) id: Uuid,
    pub(crate) message_type: &'static str,
    pub(crate) message_text: String,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Attachment {
    /// Served at `/files/{id}` once it is `stored`.
    pub(crate) id: Uuid,
    /// `stored`, `pending`, `too_large` (more than 20 MB) or `failed`.
    pub(crate) state: &'static str,
    pub(crate) file_name: Option<String>,
    pub(crate) mime_type: Option<String>,
    /// Bytes.
    pub(crate) size: Option<u64>,
    pub(crate) width: Option<u32>,
    pub(crate) height: Option<u32>,
    /// Seconds.
    pub(crate) duration: Option<u32>,
}

/// What became of a reply.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Delivery {
    /// `queued`, `sending`, `sent`, `failed` or `unknown`.
    pub(crate) state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) code: Option<String>,
    /// Telegram's own words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) next_attempt_at: Option<Timestamp>,
}

impl Delivery {
    pub(crate) const fn of(state: DeliveryState) -> Self {
        Self { state: state.name(), code: None, reason: None, next_attempt_at: None }
    }

    pub(crate) fn because(state: DeliveryState, code: &str, reason: Option<&str>) -> Self {
        Self { code: Some(code.to_owned()), reason: reason.map(str::to_owned), ..Self::of(state) }
    }
}

impl From<chats::Delivery> for Delivery {
    fn from(delivery: chats::Delivery) -> Self {
        Self { code: delivery.code, reason: delivery.reason, ..Self::of(delivery.state) }
    }
}

impl From<chats::Message> for Message {
    fn from(message: chats::Message) -> Self {
        Self {
            attachment: attachment(&message),
            id: message.id,
            direction: message.direction.name(),
            bot_type: message.bot_type,
            message_type: message.message_type.name(),
            message_text: message.message_text,
            telegram_message_id: message.telegram_message_id,
            created_at: message.created_at,
            edited_at: message.edited_at,
            reply_to: None,
            delivery: message.delivery.map(Delivery::from),
            author: None,
            verified: message.verified,
        }
    }
}

impl From<&MessageReceived> for Message {
    /// As the log tells of it, before the database has it.
    fn from(event: &MessageReceived) -> Self {
        let out = event.direction == Direction::Out;
        Self {
            id: event.message_id,
            direction: event.direction.name(),
            bot_type: event.bot_type.clone(),
            message_type: event.message_type.name(),
            message_text: event.message_text.clone(),
            telegram_message_id: event.telegram_message_id,
            created_at: event.sent_at,
            edited_at: None,
            reply_to: None,
            attachment: event
                .attachment
                .as_ref()
                .map(|attachment| Attachment { state: "pending", ..described(event.message_id, attachment) }),
            // It was sent by whoever tells of it.
            delivery: out.then_some(Delivery::of(DeliveryState::Sent)),
            author: None,
            verified: event.verified,
        }
    }
}

impl Message {
    /// A reply as the log tells of it.
    pub(crate) fn reply(event: &ReplyRequested, at: Timestamp) -> Self {
        Self {
            id: event.message_id,
            direction: Direction::Out.name(),
            bot_type: event.bot_type.clone(),
            message_type: events::chats::MessageType::Text.name(),
            message_text: event.message_text.clone(),
            telegram_message_id: None,
            created_at: at,
            edited_at: None,
            reply_to: None,
            attachment: None,
            delivery: Some(Delivery::of(DeliveryState::Queued)),
            author: None,
            verified: true,
        }
    }

    pub(crate) fn as_last(&self) -> LastMessage {
        LastMessage {
            id: self.id,
            direction: self.direction,
            message_type: self.message_type,
            message_text: self.message_text.clone(),
            created_at: self.created_at,
        }
    }
}

fn attachment(message: &chats::Message) -> Option<Attachment> {
    let described = match (&message.attachment, &message.file) {
        (Some(attachment), _) => described(message.id, attachment),
        (None, Some(_)) => Attachment {
            id: message.id,
            state: "pending",
            file_name: None,
            mime_type: None,
            size: None,
            width: None,
            height: None,
            duration: None,
        },
        (None, None) => return None,
    };
    Some(match (message.file_id, &message.file, message.file_failure.as_deref()) {
        (Some(id), Some(file), _) => Attachment {
            id,
            state: "stored",
            // The bytes are known now, and are believed rather than what was said of them.
            mime_type: Some(file.content_type.clone()),
            size: Some(file.size),
            ..described
        },
        (_, _, Some("too_large")) => Attachment { state: "too_large", ..described },
        (_, _, Some(_)) => Attachment { state: "failed", ..described },
        _ => described,
    })
}

fn described(id: Uuid, attachment: &events::chats::Attachment) -> Attachment {
    Attachment {
        id,
        state: "pending",
        file_name: attachment.file_name.clone(),
        mime_type: attachment.mime_type.clone(),
        size: attachment.size,
        width: attachment.width,
        height: attachment.height,
        duration: attachment.duration,
    }
}
