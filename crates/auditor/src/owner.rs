use events::{LogEvent, users::UserEvent};

/// Whose row an event changes: the first two words of its subject, such as `orders.<id>`. All rows of an
/// owner depend on its events alone.
pub(crate) fn owner(event: &LogEvent) -> String {
    // A link changes the row of the Telegram user, not the account's.
    let linked = match event {
        LogEvent::User(UserEvent::TelegramLinked(link)) => Some(link.telegram_user_id),
        LogEvent::User(UserEvent::TelegramUnlinked(link)) => Some(link.telegram_user_id),
        _ => None,
    };
    if let Some(telegram_user) = linked {
        return format!("chats.{telegram_user}");
    }
    let domain = match event {
        LogEvent::Order(_) => "orders",
        LogEvent::Account(_) => "accounts",
        LogEvent::Image(_) => "images",
        LogEvent::Chat(_) => "chats",
        LogEvent::User(_) => "users",
        LogEvent::Letter(_) => "letters",
        LogEvent::Desk(_) => "desk",
    };
    format!("{domain}.{}", event.entity())
}
