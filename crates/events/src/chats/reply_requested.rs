use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{ReplyFile, ReplyPart, TextEntity};

/// An operator answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReplyRequested {
    pub user_id: i64,
    pub message_id: Uuid,
    pub bot_type: String,
    pub message_text: String,
    /// Telegram's id of the message that is answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to_telegram_id: Option<i64>,
    pub operator_id: Uuid,
    /// The bot that says it; the one that the person wrote to last when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bot_id: Option<i64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entities: Vec<TextEntity>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<ReplyFile>,
    /// The calls that it is made of; the text as one when there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<ReplyPart>,
    /// What the operator's page calls it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_message_id: Option<String>,
}

crate::declare_event!(ReplyRequested {
    name: "chat.reply-requested",
    version: 1,
    subject: "chats.*.reply-requested",
    entity: user_id,
    by: [HttpEdge],
    personal: ["/messageText", "/entities", "/files"],
    sample: Self {
        user_id: 123_456_789,
        message_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0004),
        bot_type: "operator".into(),
        message_text: "Уже смотрим".into(),
        reply_to_telegram_id: Some(17),
        operator_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001),
        bot_id: Some(123_456),
        entities: vec![TextEntity::sample()],
        files: vec![ReplyFile::sample()],
        parts: vec![ReplyPart { offset: 0, length: 10, files: vec![0] }],
        client_message_id: Some("b7a0".into()),
    },
});
