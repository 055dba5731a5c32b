use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A bot works for the desk, under this name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BotConnected {
    /// Telegram's id of the bot.
    pub bot_id: i64,
    /// Without `@`.
    pub bot_username: String,
    pub bot_name: String,
}

crate::declare_event!(BotConnected {
    name: "desk.bot-connected",
    version: 1,
    subject: "desk.*.bot-connected",
    entity: bot_id,
    by: [BotBridge],
    personal: [],
    sample: Self {
        bot_id: 123_456, bot_username: "vestnik_support_bot".into(), bot_name: "Вестник".into()
    },
});
