use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The Telegram user blocked the bot: nothing can be sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BotBlocked {
    pub user_id: i64,
    /// Telegram's id of the bot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bot_id: Option<i64>,
}

crate::declare_event!(BotBlocked {
    name: "chat.bot-blocked",
    version: 1,
    subject: "chats.*.bot-blocked",
    entity: user_id,
    by: [BotBridge],
    personal: [],
    sample: Self { user_id: 123_456_789, bot_id: Some(123_456) },
});
