use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Attachment, Details, Direction, MessageType, Sender, TextEntity};

/// A message came in, from Telegram or through `POST /api/chat-message`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MessageReceived {
    /// Telegram's id of the user whose chat it is.
    pub user_id: i64,
    /// Our id of the message.
    pub message_id: Uuid,
    pub bot_type: String,
    pub direction: Direction,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub telegram_message_id: Option<i64>,
    pub message_type: MessageType,
    pub message_text: String,
    pub from: Sender,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attachment: Option<Attachment>,
    /// Telegram's id of the message that this one answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to_telegram_id: Option<i64>,
    /// When Telegram says it was sent.
    pub sent_at: Timestamp,
    /// False when nobody vouches for it (`POST /api/chat-message` without a token).
    pub verified: bool,
    /// Telegram's id of the bot that it was written to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bot_id: Option<i64>,
    /// What stretches of the text mean.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entities: Vec<TextEntity>,
    /// What it says beside its text and its file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details: Option<Details>,
    /// Messages that share this are one album.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub album: Option<String>,
    /// The update as Telegram sent it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raw: Option<serde_json::Value>,
}

crate::declare_event!(MessageReceived {
    name: "chat.message-received",
    version: 1,
    subject: "chats.*.message-received",
    entity: user_id,
    by: [BotBridge, HttpEdge],
    personal: ["/messageText", "/from", "/attachment", "/entities", "/details", "/raw"],
    sample: Self {
        user_id: 123_456_789,
        message_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0004),
        bot_type: "operator".into(),
        direction: Direction::In,
        telegram_message_id: Some(17),
        message_type: MessageType::Photo,
        message_text: "Здравствуйте".into(),
        from: Sender::sample(),
        attachment: Some(Attachment::sample()),
        reply_to_telegram_id: Some(16),
        sent_at: Timestamp::UNIX_EPOCH,
        verified: true,
        bot_id: Some(123_456),
        entities: vec![TextEntity::sample()],
        details: Some(Details::sample()),
        album: Some("13579".into()),
        raw: Some(serde_json::json!({"update_id": 1}))
    },
});
