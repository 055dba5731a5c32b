use events::{
    chats::{Direction, LONGEST_TEXT, MessageReceived, MessageType, Sender},
    derived_id, request_id,
};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{extract::Field, problem::FieldProblem};

const BOT_TYPE: &str = "operator";

/// A message as it was sent: each field may be missing or of a wrong type.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Input {
    user_id: Field<i64>,
    message_text: Field<String>,
    bot_type: Field<String>,
    direction: Field<Direction>,
    message_type: Field<MessageType>,
    telegram_message_id: Field<i64>,
    first_name: Field<String>,
    last_name: Field<String>,
    username: Field<String>,
}

/// The body of `POST /api/chat-message`, for the documentation alone.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "only its schema is used")]
pub(crate) struct NewChatMessage {
    /// Telegram's id of the user.
    user_id: i64,
    /// At most 4,096 UTF-16 units, as at Telegram.
    message_text: String,
    /// `operator`
    bot_type: String,
    /// `in`, or `out` with a token.
    direction: String,
    /// `text` when missing.
    message_type: Option<String>,
    /// A message that has one is stored once, however often it is sent.
    telegram_message_id: Option<i64>,
    first_name: Option<String>,
    last_name: Option<String>,
    username: Option<String>,
}

impl Input {
    /// The event that tells of it, or what is wrong.
    pub(super) fn read(self, verified: bool) -> Result<MessageReceived, Vec<FieldProblem>> {
        let message_type = self.message_type.optional().map(|kind| kind.unwrap_or(MessageType::Text));
        let is_text = message_type == Ok(MessageType::Text);
        let user_id = self.user_id.required().and_then(|id| if id > 0 { Ok(id) } else { Err("invalid") });
        let text = self
            .message_text
            .required()
            .and_then(|text| if text.trim().is_empty() && is_text { Err("required") } else { Ok(text) })
            // Telegram has no longer ones.
            .and_then(|text| match text.encode_utf16().count() {
                units if units > LONGEST_TEXT as usize => Err("too_long"),
                _ => Ok(text),
            });
        let bot_type = self.bot_type.required().and_then(|bot| match bot.as_str() {
            "" => Err("required"),
            BOT_TYPE => Ok(bot),
            _ => Err("invalid"),
        });
        let direction = self.direction.required();
        let telegram_id = self.telegram_message_id.optional();
        let name = |field: Field<String>| {
            field.optional().and_then(|name| match name.map(|name| events::orders::rules::line(&name)) {
                Some(name) if name.chars().count() > 256 => Err("too_long"),
                name => Ok(name.filter(|name| !name.is_empty())),
            })
        };
        let (first, last, username) = (name(self.first_name), name(self.last_name), name(self.username));
        let faults = [
            ("userId", user_id.err()),
            ("messageText", text.as_ref().err().copied()),
            ("botType", bot_type.as_ref().err().copied()),
            ("direction", direction.err()),
            ("messageType", message_type.err()),
            ("telegramMessageId", telegram_id.err()),
            ("firstName", first.as_ref().err().copied()),
            ("lastName", last.as_ref().err().copied()),
            ("username", username.as_ref().err().copied()),
        ];
        let faults: Vec<FieldProblem> =
            faults.into_iter().filter_map(|(field, code)| Some(FieldProblem::new(field, code?))).collect();
        let all = (user_id, text, bot_type, direction, message_type, telegram_id, first, last, username);
        let (
            Ok(user_id),
            Ok(message_text),
            Ok(bot_type),
            Ok(direction),
            Ok(message_type),
            Ok(telegram_message_id),
            Ok(first_name),
            Ok(last_name),
            Ok(username),
        ) = all
        else {
            return Err(faults);
        };
        Ok(MessageReceived {
            user_id,
            message_id: message_id(user_id, telegram_message_id, direction, verified),
            bot_type,
            direction,
            telegram_message_id,
            message_type,
            message_text,
            from: Sender {
                first_name,
                last_name,
                username: username.map(|name| name.trim_start_matches('@').to_owned()),
                language_code: None,
            },
            attachment: None,
            reply_to_telegram_id: None,
            sent_at: events::now(),
            verified,
            bot_id: None,
            entities: Vec::new(),
            details: None,
            album: None,
            raw: None,
        })
    }
}

/// A message that Telegram has numbered is the same message however often it comes; but what nobody
/// vouches for never takes the place of what a token does.
fn message_id(user: i64, telegram: Option<i64>, direction: Direction, verified: bool) -> Uuid {
    telegram.map_or_else(request_id, |telegram| {
        derived_id(&[
            "chat-message",
            &user.to_string(),
            &telegram.to_string(),
            direction.name(),
            if verified { "verified" } else { "unverified" },
        ])
    })
}
