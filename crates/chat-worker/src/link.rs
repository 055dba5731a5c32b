use events::{
    LogEvent, Outgoing, Recorded, Service,
    chats::{ChatEvent, Direction, MessageReceived, MessageType},
    users::TelegramLinked,
};
use jiff::Timestamp;
use store::{Conn, chats, users};

/// A `TelegramLinked` for everybody who has shared their own phone and has an account under it.
pub(crate) async fn linked(
    conn: &mut Conn,
    batch: &[Recorded],
    time: Timestamp,
) -> anyhow::Result<Vec<Outgoing>> {
    let mut facts = Vec::new();
    for recorded in batch {
        let LogEvent::Chat(ChatEvent::MessageReceived(message)) = &recorded.event else { continue };
        let Some(phone) = own_phone(message) else { continue };
        let Some(account) = users::by_phone(conn, &phone).await? else { continue };
        let known = chats::by_user(conn, message.user_id).await?.and_then(|chat| chat.linked_user_id);
        if known == Some(account.id) {
            continue;
        }
        let linked = TelegramLinked { user_id: account.id, telegram_user_id: message.user_id };
        facts.push(Outgoing::fact(Service::ChatWorker, &recorded.meta, 0, None, time, &linked));
    }
    Ok(facts)
}

/// The phone in E.164 when the message is a contact that its sender shares of themselves: Telegram
/// vouches for the number only if the contact is the sender (Bot API, `Contact.user_id`).
fn own_phone(message: &MessageReceived) -> Option<String> {
    if !message.verified || message.direction != Direction::In || message.message_type != MessageType::Contact
    {
        return None;
    }
    let contact = message.raw.as_ref()?.pointer("/message/contact")?;
    if contact.get("user_id")?.as_i64()? != message.user_id {
        return None;
    }
    let digits: String =
        contact.get("phone_number")?.as_str()?.chars().filter(char::is_ascii_digit).collect();
    (7..=15).contains(&digits.len()).then(|| format!("+{digits}"))
}

#[cfg(test)]
mod tests {
    use events::Event as _;
    use serde_json::json;

    use super::*;

    fn contact(user_id: i64, phone: &str, verified: bool) -> MessageReceived {
        MessageReceived {
            user_id: 7,
            message_type: MessageType::Contact,
            verified,
            raw: Some(json!({"message": {"contact": {"user_id": user_id, "phone_number": phone}}})),
            ..MessageReceived::sample()
        }
    }

    #[test]
    fn only_a_contact_of_the_sender_that_telegram_vouches_for_counts() {
        assert_eq!(own_phone(&contact(7, "79241242417", true)).as_deref(), Some("+79241242417"));
        assert_eq!(own_phone(&contact(7, "+7 924 124-24-17", true)).as_deref(), Some("+79241242417"));
        assert_eq!(own_phone(&contact(8, "79241242417", true)), None, "somebody else's");
        assert_eq!(own_phone(&contact(7, "79241242417", false)), None, "nobody vouches");
        assert_eq!(own_phone(&contact(7, "12", true)), None, "no phone");
        assert_eq!(own_phone(&MessageReceived { user_id: 7, ..MessageReceived::sample() }), None);
    }
}
