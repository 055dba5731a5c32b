//! What the bot does in a chat, with Telegram's refusals.

use serde_json::Value;

use super::State;
use super::draft::Draft;
use super::receive::rewrite;
use crate::bot_api::Refusal;

impl State {
    /// The bot sends a message. `reply_optional`: send it even if what it answers is gone.
    pub(crate) fn deliver(
        &mut self,
        chat_id: i64,
        mut draft: Draft,
        reply_optional: bool,
    ) -> Result<i32, Refusal> {
        let account = self
            .accounts
            .get(&chat_id)
            .filter(|account| account.started)
            .ok_or_else(|| Refusal::bad_request("chat not found"))?;
        if account.blocked {
            return Err(Refusal::forbidden("bot was blocked by the user"));
        }
        if let Some(answered) = draft.reply_to {
            let there = account.message(answered).is_some_and(|m| !m.deleted);
            if !there && !reply_optional {
                return Err(Refusal::bad_request("message to be replied not found"));
            }
            draft.reply_to = there.then_some(answered);
        }
        let message_id = self.store(chat_id, true, draft);
        self.sends.push((chat_id, message_id));
        self.tell_message(chat_id, message_id);
        Ok(message_id)
    }

    /// The bot changes the words of a message of its own.
    pub(crate) fn edit_delivered(
        &mut self,
        chat_id: i64,
        message_id: i32,
        words: &str,
        entities: Option<(&str, Value)>,
    ) -> Result<(), Refusal> {
        let message = self
            .accounts
            .get_mut(&chat_id)
            .ok_or_else(|| Refusal::bad_request("chat not found"))?
            .message_mut(message_id)
            .filter(|message| !message.deleted)
            .ok_or_else(|| Refusal::bad_request("message to edit not found"))?;
        if !message.from_bot {
            return Err(Refusal::bad_request("message can't be edited"));
        }
        let same = entities.as_ref().is_none_or(|(name, value)| message.content.get(*name) == Some(value));
        if message.words() == words && same {
            return Err(Refusal::bad_request(
                "message is not modified: specified new message content and reply markup are \
                 exactly the same as a current content and reply markup of the message",
            ));
        }
        rewrite(message, words);
        if let Some((name, value)) = entities {
            message.content.insert(name.to_owned(), value);
        }
        self.tell_message(chat_id, message_id);
        Ok(())
    }

    /// The bot deletes a message; in a private chat it may delete either side's.
    pub(crate) fn delete(&mut self, chat_id: i64, message_id: i32) -> Result<(), Refusal> {
        let message = self
            .accounts
            .get_mut(&chat_id)
            .ok_or_else(|| Refusal::bad_request("chat not found"))?
            .message_mut(message_id)
            .filter(|message| !message.deleted)
            .ok_or_else(|| Refusal::bad_request("message to delete not found"))?;
        message.deleted = true;
        self.tell_message(chat_id, message_id);
        Ok(())
    }
}
