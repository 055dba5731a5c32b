use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The person put signs to a message, or took them away.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReactionChanged {
    pub user_id: i64,
    pub bot_id: i64,
    pub telegram_message_id: i64,
    /// All that stand now; a sign that is no emoji is `★`.
    pub reactions: Vec<String>,
    pub changed_at: Timestamp,
}

crate::declare_event!(ReactionChanged {
    name: "chat.reaction-changed",
    version: 1,
    subject: "chats.*.reaction-changed",
    entity: user_id,
    by: [BotBridge],
    personal: ["/reactions"],
    sample: Self {
        user_id: 123_456_789,
        bot_id: 123_456,
        telegram_message_id: 17,
        reactions: vec!["👍".into()],
        changed_at: Timestamp::UNIX_EPOCH,
    },
});
