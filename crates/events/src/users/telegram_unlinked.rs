use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The account's owner no longer wants it to be known as this Telegram user's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TelegramUnlinked {
    pub user_id: Uuid,
    pub telegram_user_id: i64,
}

crate::declare_event!(TelegramUnlinked {
    name: "user.telegram-unlinked",
    version: 1,
    subject: "users.*.telegram-unlinked",
    entity: user_id,
    by: [HttpEdge],
    personal: ["/telegramUserId"],
    sample: Self {
        user_id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001),
        telegram_user_id: 123_456_789
    },
});
