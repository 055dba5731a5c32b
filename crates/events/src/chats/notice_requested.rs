use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Why the bot speaks by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// The first words to a new person.
    Welcome,
    /// Nobody is at the desk now.
    Away,
    /// What became of an order.
    Order,
    /// The answer to a command, or to a shared phone.
    Command,
}

impl NoticeKind {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Welcome => "welcome",
            Self::Away => "away",
            Self::Order => "order",
            Self::Command => "command",
        }
    }
}

/// The bot itself shall say something to the person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NoticeRequested {
    pub user_id: i64,
    pub message_id: Uuid,
    /// The bot that says it; the one that the person wrote to last when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bot_id: Option<i64>,
    pub kind: NoticeKind,
    pub message_text: String,
    /// With a button by which the person shares their phone.
    pub asks_phone: bool,
}

crate::declare_event!(NoticeRequested {
    name: "chat.notice-requested",
    version: 1,
    subject: "chats.*.notice-requested",
    entity: user_id,
    by: [ChatWorker],
    personal: ["/messageText"],
    sample: Self {
        user_id: 123_456_789,
        message_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0004),
        bot_id: Some(123_456),
        kind: NoticeKind::Order,
        message_text: "Заказ принят".into(),
        asks_phone: true,
    },
});
