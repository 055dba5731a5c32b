//! Messages in the Bot API's own shape.

use serde::Serialize;
use serde_json::{Map, Value};

use super::State;
use super::message::Message;

/// `Message` of the Bot API.
#[derive(Serialize)]
struct Wire<'a> {
    message_id: i32,
    from: &'a Value,
    chat: &'a Value,
    date: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    edit_date: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reply_to_message: Option<Box<Wire<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
    #[serde(flatten)]
    content: &'a Map<String, Value>,
}

impl State {
    /// The message as JSON; a deleted or unknown one is `None`. As in Telegram, the message it
    /// answers is shown without the one that one answers.
    pub(crate) fn wire(&self, chat_id: i64, message_id: i32) -> Option<String> {
        let account = self.accounts.get(&chat_id)?;
        let message = account.message(message_id).filter(|m| !m.deleted)?;
        let chat = account.user.as_chat();
        let person = account.user.as_sender();
        let bot = self.bot.as_sender();
        let sender = |message: &Message| if message.from_bot { &bot } else { &person };
        let answered =
            message.reply_to.and_then(|id| account.message(id)).filter(|answered| !answered.deleted);
        let wire = Wire {
            reply_to_message: answered.map(|answered| Box::new(Wire::of(answered, sender(answered), &chat))),
            ..Wire::of(message, sender(message), &chat)
        };
        serde_json::to_string(&wire).ok()
    }
}

impl<'a> Wire<'a> {
    fn of(message: &'a Message, from: &'a Value, chat: &'a Value) -> Self {
        Self {
            message_id: message.message_id,
            from,
            chat,
            date: message.date(),
            edit_date: message.edit_date,
            reply_to_message: None,
            text: message.text.as_deref(),
            content: &message.content,
        }
    }
}
