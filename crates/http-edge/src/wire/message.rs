use events::chats::{Direction, MessageReceived, MessageType, NoticeRequested, ReplyRequested, TextEntity};
use jiff::Timestamp;
use serde::Serialize;
use store::chats::{self, DeliveryState};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Attachment, Change, Delivery, Fact, LastMessage, Part, facts};
use crate::rich::{Segment, segments};

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
    /// The text cut where its look changes; missing when all of it is plain.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) segments: Vec<Segment>,
    /// What it says beside its text and its files.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) facts: Vec<Fact>,
    /// Messages of a chat that share this are one album.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) album: Option<String>,
    pub(crate) telegram_message_id: Option<i64>,
    /// What the page that sent it calls it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) client_message_id: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) created_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) edited_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reply_to: Option<Quote>,
    /// How often its text was changed; `GET …/{messageId}/edits` tells what it said before.
    #[serde(skip_serializing_if = "is_none")]
    pub(crate) edits: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) deleted_at: Option<Timestamp>,
    /// The first of its files.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) attachment: Option<Attachment>,
    /// All of its files.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) attachments: Vec<Attachment>,
    /// Only of what goes out: the sum of its parts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) delivery: Option<Delivery>,
    /// The calls to Telegram that it is made of, when they are several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) parts: Vec<Part>,
    /// Its failed or unknown delivery is left as it is.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) dismissed: bool,
    /// The newest change of each kind that an operator asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) changes: Vec<Change>,
    /// The signs that the person has put to it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) reactions: Vec<String>,
    /// What the bot says by itself: `welcome`, `away`, `order`, `command`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) notice: Option<String>,
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

/// Characters of a text in the list.
const LAST_TEXT: usize = 300;

/// Most messages were never changed, which is not worth a word.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
const fn is_none(count: &i64) -> bool {
    *count == 0
}

impl From<chats::Message> for Message {
    fn from(message: chats::Message) -> Self {
        let attachments = Attachment::all_of(&message);
        let next_attempt_at = message.next_attempt_at;
        let parts = message.parts.into_iter().map(Part::from).collect::<Vec<_>>();
        Self {
            id: message.id,
            direction: message.direction.name(),
            bot_type: message.bot_type,
            message_type: message.message_type.name(),
            segments: segments(&message.message_text, &message.entities),
            message_text: message.message_text,
            facts: facts(&message.details),
            album: message.album,
            telegram_message_id: message.telegram_message_id,
            client_message_id: message.client_message_id,
            created_at: message.created_at,
            edited_at: message.edited_at,
            reply_to: None,
            edits: message.edits,
            deleted_at: message.deleted_at,
            attachment: attachments.first().cloned(),
            attachments,
            delivery: message
                .delivery
                .map(|delivery| Delivery { next_attempt_at, ..Delivery::from(delivery) }),
            parts: if parts.len() > 1 { parts } else { Vec::new() },
            dismissed: message.dismissed,
            changes: message.changes.into_iter().map(Change::from).collect(),
            reactions: message.reactions,
            notice: message.notice_kind,
            author: None,
            verified: message.verified,
        }
    }
}

impl From<&MessageReceived> for Message {
    /// As the log tells of it, before the database has it.
    fn from(event: &MessageReceived) -> Self {
        let out = event.direction == Direction::Out;
        let attachment =
            event.attachment.as_ref().map(|attachment| Attachment::described(event.message_id, attachment));
        Self {
            message_type: event.message_type.name(),
            facts: event.details.as_ref().map(facts).unwrap_or_default(),
            album: event.album.clone(),
            telegram_message_id: event.telegram_message_id,
            attachments: attachment.iter().cloned().collect(),
            attachment,
            // It was sent by whoever tells of it.
            delivery: out.then_some(Delivery::of(DeliveryState::Sent)),
            verified: event.verified,
            ..Self::told(
                event.message_id,
                event.direction,
                &event.bot_type,
                (&event.message_text, &event.entities),
                event.sent_at,
            )
        }
    }
}

impl Message {
    /// A reply as the log tells of it.
    pub(crate) fn reply(event: &ReplyRequested, at: Timestamp) -> Self {
        let attachments: Vec<Attachment> = event.files.iter().map(Attachment::from).collect();
        let kind = event.files.first().map_or(MessageType::Text, |file| file.kind);
        let parts: Vec<Part> = (0..).zip(&event.parts).map(|(part, it)| Part::queued(part, it)).collect();
        Self {
            message_type: kind.name(),
            client_message_id: event.client_message_id.clone(),
            attachment: attachments.first().cloned(),
            attachments,
            delivery: Some(Delivery::of(DeliveryState::Queued)),
            parts: if parts.len() > 1 { parts } else { Vec::new() },
            ..Self::told(
                event.message_id,
                Direction::Out,
                &event.bot_type,
                (&event.message_text, &event.entities),
                at,
            )
        }
    }

    /// What the bot says by itself, as the log tells of it.
    pub(crate) fn notice(event: &NoticeRequested, at: Timestamp) -> Self {
        Self {
            delivery: Some(Delivery::of(DeliveryState::Queued)),
            notice: Some(event.kind.name().to_owned()),
            ..Self::told(event.message_id, Direction::Out, "operator", (&event.message_text, &[]), at)
        }
    }

    fn told(
        id: Uuid,
        direction: Direction,
        bot_type: &str,
        (text, entities): (&str, &[TextEntity]),
        created_at: Timestamp,
    ) -> Self {
        Self {
            id,
            direction: direction.name(),
            bot_type: bot_type.to_owned(),
            message_type: MessageType::Text.name(),
            message_text: text.to_owned(),
            segments: segments(text, entities),
            facts: Vec::new(),
            album: None,
            telegram_message_id: None,
            client_message_id: None,
            created_at,
            edited_at: None,
            reply_to: None,
            edits: 0,
            deleted_at: None,
            attachment: None,
            attachments: Vec::new(),
            delivery: None,
            parts: Vec::new(),
            dismissed: false,
            changes: Vec::new(),
            reactions: Vec::new(),
            notice: None,
            author: None,
            verified: true,
        }
    }

    /// As the list shows it, whose rows have no more of a text either (see [`chats::LastMessage`]).
    pub(crate) fn as_last(&self) -> LastMessage {
        LastMessage {
            id: self.id,
            direction: self.direction,
            message_type: self.message_type,
            message_text: self.message_text.chars().take(LAST_TEXT).collect(),
            created_at: self.created_at,
        }
    }
}
