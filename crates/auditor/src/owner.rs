use events::{LogEvent, users::UserEvent};

/// Whose row an event changes: the first two words of its subject, such as `orders.<id>`. All rows of an
/// owner depend on its events alone.
pub(crate) fn owner(event: &LogEvent) -> String {
    // A link changes the row of the Telegram user, not the account's.
    if let LogEvent::User(UserEvent::TelegramLinked(link)) = event {
        return format!("chats.{}", link.telegram_user_id);
    }
    let domain = match event {
        LogEvent::Order(_) => "orders",
        LogEvent::Account(_) => "accounts",
        LogEvent::Image(_) => "images",
        LogEvent::Chat(_) => "chats",
        LogEvent::User(_) => "users",
        LogEvent::Letter(_) => "letters",
    };
    format!("{domain}.{}", event.entity())
}
