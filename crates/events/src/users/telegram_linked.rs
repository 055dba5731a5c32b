use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The account and the Telegram user are the same person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TelegramLinked {
    pub user_id: Uuid,
    pub telegram_user_id: i64,
}

crate::declare_event!(TelegramLinked {
    name: "user.telegram-linked",
    version: 1,
    subject: "users.*.telegram-linked",
    entity: user_id,
    by: [ChatWorker],
    personal: ["/telegramUserId"],
    sample: Self {
        user_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001),
        telegram_user_id: 123_456_789
    },
});
