use events::{
    Event, Outgoing, Service,
    chats::{BotBlocked, BotUnblocked, Direction, MessageEdited, MessageReceived, ReactionChanged, Sender},
    derived_id,
};
use jiff::Timestamp;
use serde_json::Value;

use super::{
    message::{self, Content},
    secret,
};

/// What an update means here.
#[derive(Debug)]
pub(super) enum Translated {
    Event(Box<Outgoing>),
    /// Nothing for a chat with a person; the reason, for the counter.
    Ignored(&'static str),
}

/// The broker takes at most 1 MB in a message.
const LARGEST_EVENT: usize = 900_000;

/// Reads an update as far as it can be read. Whatever a person sent becomes an event, understood or not;
/// the update is kept in it as it was.
pub(super) fn translate(bot_id: i64, update_id: i64, json: &str) -> Translated {
    let Ok(mut update) = serde_json::from_str::<Value>(json) else { return Translated::Ignored("not_json") };
    secret::hide(&mut update);
    let Some((kind, body)) = content(&update) else { return Translated::Ignored("empty") };
    if ELSEWHERE.contains(&kind) {
        return Translated::Ignored("not_asked_for");
    }
    let chat = body.get("chat").unwrap_or(&Value::Null);
    if chat.get("type").and_then(Value::as_str).is_some_and(|kind| kind != "private") {
        return Translated::Ignored("not_private");
    }
    // The id of a private chat is that of its person.
    let user_id = [chat, body.get("from").unwrap_or(&Value::Null)]
        .iter()
        .find_map(|person| person.get("id").and_then(Value::as_i64));
    let Some(user_id) = user_id.filter(|id| *id > 0) else { return Translated::Ignored("nobody") };

    let id = derived_id(&["tg", &bot_id.to_string(), &update_id.to_string()]);
    let auth = format!("telegram:{user_id}");
    match kind {
        "edited_message" => match edited(user_id, bot_id, body) {
            Some(edit) => event(id, &auth, edit, |raw| MessageEdited { raw: Some(update.clone()), ..raw }),
            None => Translated::Ignored("edit_of_nothing"),
        },
        "message_reaction" => match reacted(user_id, bot_id, body) {
            Ok(reaction) => event(id, &auth, reaction, |reaction| reaction),
            Err(why) => Translated::Ignored(why),
        },
        "my_chat_member" => match body.pointer("/new_chat_member/status").and_then(Value::as_str) {
            Some("kicked") => {
                event(id, &auth, BotBlocked { user_id, bot_id: Some(bot_id) }, |blocked| blocked)
            }
            Some("member") => {
                event(id, &auth, BotUnblocked { user_id, bot_id: Some(bot_id) }, |unblocked| unblocked)
            }
            _ => Translated::Ignored("membership"),
        },
        kind => {
            let received = received((user_id, bot_id), id, kind, body);
            event(id, &auth, received, |message| MessageReceived { raw: Some(update.clone()), ..message })
        }
    }
}

/// Kinds that are handled, and come first should an update ever have two.
const KINDS: [&str; 4] = ["message", "edited_message", "message_reaction", "my_chat_member"];

/// Kinds that are about no chat of a person with this bot. Nobody asks for them; Telegram may have kept some
/// from before the bot was this one's.
const ELSEWHERE: [&str; 18] = [
    "channel_post",
    "edited_channel_post",
    "business_connection",
    "business_message",
    "edited_business_message",
    "deleted_business_messages",
    "message_reaction_count",
    "inline_query",
    "chosen_inline_result",
    "shipping_query",
    "pre_checkout_query",
    "purchased_paid_media",
    "poll",
    "poll_answer",
    "chat_member",
    "chat_join_request",
    "chat_boost",
    "removed_chat_boost",
];

/// The one member of an update besides its number: its kind and its body.
fn content(update: &Value) -> Option<(&str, &Value)> {
    let members = update.as_object()?;
    let known = KINDS.into_iter().find_map(|kind| Some((kind, members.get(kind)?)));
    let any =
        || members.iter().find(|(kind, _)| *kind != "update_id").map(|(kind, body)| (kind.as_str(), body));
    known.or_else(any)
}

fn received(
    (user_id, bot_id): (i64, i64),
    message_id: uuid::Uuid,
    kind: &str,
    body: &Value,
) -> MessageReceived {
    let content = match kind {
        "message" => message::content(body),
        // A kind of update that was not asked for, or did not exist yet.
        _ => Content::unsupported(),
    };
    MessageReceived {
        user_id,
        message_id,
        bot_type: "operator".into(),
        direction: Direction::In,
        telegram_message_id: integer(body, "message_id").filter(|_| kind == "message"),
        message_type: content.kind,
        message_text: content.text,
        from: sender(user_id, body),
        attachment: content.attachment,
        reply_to_telegram_id: body.get("reply_to_message").and_then(|to| integer(to, "message_id")),
        sent_at: time(body, "date").unwrap_or_else(events::now),
        verified: true,
        bot_id: Some(bot_id),
        entities: content.entities,
        details: (!content.details.is_empty()).then_some(content.details),
        album: body.get("media_group_id").and_then(Value::as_str).map(str::to_owned),
        raw: None,
    }
}

fn edited(user_id: i64, bot_id: i64, body: &Value) -> Option<MessageEdited> {
    let content = message::content(body);
    Some(MessageEdited {
        user_id,
        telegram_message_id: integer(body, "message_id")?,
        message_text: content.text,
        edited_at: time(body, "edit_date").unwrap_or_else(events::now),
        bot_id: Some(bot_id),
        entities: content.entities,
        raw: None,
    })
}

/// `MessageReactionUpdated`: all signs that stand now. In a private chat only its person puts any.
fn reacted(user_id: i64, bot_id: i64, body: &Value) -> Result<ReactionChanged, &'static str> {
    if body.get("user").and_then(|user| integer(user, "id")).is_some_and(|id| id != user_id) {
        return Err("reaction_of_another");
    }
    let standing = body.get("new_reaction").and_then(Value::as_array).ok_or("reaction_of_nothing")?;
    Ok(ReactionChanged {
        user_id,
        bot_id,
        telegram_message_id: integer(body, "message_id").ok_or("reaction_to_nothing")?,
        // Custom emoji and paid stars have no character of their own.
        reactions: standing
            .iter()
            .map(|sign| sign.get("emoji").and_then(Value::as_str).unwrap_or("★").to_owned())
            .collect(),
        changed_at: time(body, "date").unwrap_or_else(events::now),
    })
}

/// `from` tells more than `chat`, but a message of a chat may be from somebody else.
fn sender(user_id: i64, body: &Value) -> Sender {
    let from = body.get("from").filter(|from| integer(from, "id") == Some(user_id));
    let person = from.or_else(|| body.get("chat")).unwrap_or(&Value::Null);
    let name = |field: &str| person.get(field).and_then(Value::as_str).map(str::to_owned);
    Sender {
        first_name: name("first_name"),
        last_name: name("last_name"),
        username: name("username"),
        language_code: name("language_code"),
    }
}

/// An event that carries the update, unless the broker would not take it.
fn event<E: Event>(id: uuid::Uuid, auth: &str, bare: E, with_raw: impl Fn(E) -> E) -> Translated {
    let whole = Outgoing::request_with_id(id, Service::BotBridge, auth, with_raw(bare.clone()));
    if whole.body.len() <= LARGEST_EVENT {
        return Translated::Event(Box::new(whole));
    }
    let bare = Outgoing::request_with_id(id, Service::BotBridge, auth, bare);
    if bare.body.len() > LARGEST_EVENT {
        // It would hold up its whole batch for ever. Telegram's own limits are a hundred times lower.
        return Translated::Ignored("too_large");
    }
    Translated::Event(Box::new(bare))
}

fn integer(value: &Value, field: &str) -> Option<i64> {
    value.get(field).and_then(Value::as_i64)
}

/// Telegram counts seconds since 1970. What is older cannot be meant, and PostgreSQL cannot keep all of it.
fn time(value: &Value, field: &str) -> Option<Timestamp> {
    Timestamp::from_second(integer(value, field)?).ok().filter(|time| *time >= Timestamp::UNIX_EPOCH)
}

#[cfg(test)]
#[path = "translate/tests.rs"]
mod tests;

#[cfg(test)]
mod recorded;
