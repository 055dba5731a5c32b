use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The person wants to be told of their orders by the bot, or no longer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NoticesSwitched {
    pub user_id: i64,
    pub enabled: bool,
}

crate::declare_event!(NoticesSwitched {
    name: "chat.notices-switched",
    version: 1,
    subject: "chats.*.notices-switched",
    entity: user_id,
    by: [ChatWorker],
    personal: [],
    sample: Self { user_id: 123_456_789, enabled: true },
});
