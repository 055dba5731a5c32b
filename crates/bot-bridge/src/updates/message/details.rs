use events::chats::{Contact, Details, Dice, Forward, Place, Poll};
use jiff::Timestamp;
use serde_json::Value;

use super::{small, string, text, words};

/// What a message says beside its text and its file.
pub(super) fn details(message: &Value) -> Details {
    Details {
        forward: message.get("forward_origin").map(forward),
        quote: message.get("quote").and_then(|quote| text(quote, "text")),
        place: place(message),
        contact: message.get("contact").and_then(|value| contact(message, value)),
        poll: message.get("poll").and_then(poll),
        dice: dice(message),
        start: text(message, "text").as_deref().and_then(start).map(str::to_owned),
    }
}

/// `MessageOrigin` in its four kinds: a user, one who hides, a chat, a channel.
fn forward(origin: &Value) -> Forward {
    let of = |member: &str, fields: &[&str]| origin.get(member).map(|value| words(value, fields));
    let name = of("sender_user", &["first_name", "last_name"])
        .or_else(|| text(origin, "sender_user_name"))
        .or_else(|| of("sender_chat", &["title", "first_name", "last_name"]))
        .or_else(|| of("chat", &["title", "first_name", "last_name"]));
    let sent_at = origin.get("date").and_then(Value::as_i64);
    Forward {
        name: name.unwrap_or_default(),
        sent_at: sent_at.and_then(|seconds| Timestamp::from_second(seconds).ok()),
    }
}

fn place(message: &Value) -> Option<Place> {
    let (latitude, longitude) = degrees(message.get("location")?)?;
    let of_venue = |field| message.get("venue").and_then(|venue| text(venue, field));
    Some(Place { latitude, longitude, name: of_venue("title"), address: of_venue("address") })
}

pub(super) fn degrees(location: &Value) -> Option<(f64, f64)> {
    let degrees = |field: &str| location.get(field).and_then(Value::as_f64);
    Some((degrees("latitude")?, degrees("longitude")?))
}

/// Telegram says in `user_id` whose number it is; it is their own only when they have sent it themselves.
fn contact(message: &Value, contact: &Value) -> Option<Contact> {
    let phone = text(contact, "phone_number")?;
    let sender = message.pointer("/from/id").and_then(Value::as_i64);
    let whose = contact.get("user_id").and_then(Value::as_i64);
    let own = sender.is_some()
        && whose == sender
        && message.get("forward_origin").is_none()
        && message.get("via_bot").is_none();
    // Of a person's own number Telegram says all digits, at times without the plus before them.
    let bare = own && !phone.is_empty() && phone.bytes().all(|byte| byte.is_ascii_digit());
    let phone = if bare { format!("+{phone}") } else { phone };
    Some(Contact { phone, name: words(contact, &["first_name", "last_name"]), own })
}

fn poll(poll: &Value) -> Option<Poll> {
    let options = poll.get("options").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    Some(Poll {
        question: text(poll, "question")?,
        options: options.iter().map(|option| string(option, "text")).collect(),
        closed: poll.get("is_closed").and_then(Value::as_bool).unwrap_or(false),
    })
}

pub(super) fn dice(message: &Value) -> Option<Dice> {
    let dice = message.get("dice")?;
    Some(Dice { emoji: text(dice, "emoji")?, value: small(dice, "value")? })
}

/// The word after `/start`, which may name the bot: `/start@our_bot word`.
fn start(text: &str) -> Option<&str> {
    let rest = text.strip_prefix("/start")?;
    let (bot, payload) = rest.split_once(char::is_whitespace)?;
    let payload = payload.trim();
    ((bot.is_empty() || bot.starts_with('@')) && !payload.is_empty()).then_some(payload)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_start_has_the_word_of_its_link() {
        assert_eq!(start("/start offer-7"), Some("offer-7"));
        assert_eq!(start("/start@our_bot  offer-7 "), Some("offer-7"));
        assert_eq!(start("/start"), None);
        assert_eq!(start("/start "), None);
        assert_eq!(start("/startle me"), None);
        assert_eq!(start("say /start me"), None);
    }
}
