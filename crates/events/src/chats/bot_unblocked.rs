use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The Telegram user unblocked the bot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BotUnblocked {
    pub user_id: i64,
    /// Telegram's id of the bot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bot_id: Option<i64>,
}

crate::declare_event!(BotUnblocked {
    name: "chat.bot-unblocked",
    version: 1,
    subject: "chats.*.bot-unblocked",
    entity: user_id,
    by: [BotBridge],
    personal: [],
    sample: Self { user_id: 123_456_789, bot_id: Some(123_456) },
});
