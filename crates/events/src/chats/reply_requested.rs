use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

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
}

crate::declare_event!(ReplyRequested {
    name: "chat.reply-requested",
    version: 1,
    subject: "chats.*.reply-requested",
    entity: user_id,
    by: [HttpEdge],
    personal: ["/messageText"],
    sample: Self {
        user_id: 123_456_789,
        message_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0004),
        bot_type: "operator".into(),
        message_text: "Уже смотрим".into(),
        reply_to_telegram_id: Some(17),
        operator_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001)
    },
});
