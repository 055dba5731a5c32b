//! What people do in the chat: everything here becomes an update for the bot.

use serde_json::{Value, json};

use super::draft::Draft;
use super::message::Message;
use super::{State, now_ms};

/// Why a person cannot do that.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unable {
    #[error("no such user")]
    NoSuchUser,
    #[error("no such message")]
    NoSuchMessage,
    #[error("the user has blocked the bot")]
    BotBlocked,
    #[error("the message is not the user's own text")]
    NotEditable,
}

impl State {
    /// A person writes to the bot.
    pub(crate) fn receive(&mut self, user_id: i64, mut draft: Draft) -> Result<i32, Unable> {
        let account = self.accounts.get(&user_id).ok_or(Unable::NoSuchUser)?;
        if account.blocked {
            return Err(Unable::BotBlocked);
        }
        if let Some(answered) = draft.reply_to {
            account.message(answered).ok_or(Unable::NoSuchMessage)?;
        }
        draft.mark_entities();
        let message_id = self.store(user_id, false, draft);
        let started = self
            .accounts
            .get_mut(&user_id)
            .is_some_and(|account| std::mem::replace(&mut account.started, true));
        if let Some(json) = self.wire(user_id, message_id) {
            self.push_update("message", &json);
        }
        self.tell_message(user_id, message_id);
        if !started {
            self.tell_user(user_id);
        }
        Ok(message_id)
    }

    /// A person changes the text (or caption) of a message of theirs.
    pub(crate) fn edit_received(&mut self, user_id: i64, message_id: i32, words: &str) -> Result<(), Unable> {
        let account = self.accounts.get_mut(&user_id).ok_or(Unable::NoSuchUser)?;
        if account.blocked {
            return Err(Unable::BotBlocked);
        }
        let message = account
            .message_mut(message_id)
            .filter(|message| !message.deleted)
            .ok_or(Unable::NoSuchMessage)?;
        if message.from_bot {
            return Err(Unable::NotEditable);
        }
        rewrite(message, words);
        if let Some(json) = self.wire(user_id, message_id) {
            self.push_update("edited_message", &json);
        }
        self.tell_message(user_id, message_id);
        Ok(())
    }

    /// A person puts signs to a message, their own or the bot's, in the place of those that are there.
    pub(crate) fn react(
        &mut self,
        user_id: i64,
        message_id: i32,
        reactions: Vec<String>,
    ) -> Result<(), Unable> {
        let account = self.accounts.get_mut(&user_id).ok_or(Unable::NoSuchUser)?;
        if account.blocked {
            return Err(Unable::BotBlocked);
        }
        let (chat, user) = (account.user.as_chat(), account.user.as_sender());
        let message = account.message_mut(message_id).filter(|message| !message.deleted);
        let message = message.ok_or(Unable::NoSuchMessage)?;
        let old = std::mem::replace(&mut message.reactions, reactions);
        let change = json!({
            "chat": chat,
            "message_id": message_id,
            "user": user,
            "date": now_ms() / 1000,
            "old_reaction": old.iter().map(|sign| reaction(sign)).collect::<Vec<_>>(),
            "new_reaction": message.reactions.iter().map(|sign| reaction(sign)).collect::<Vec<_>>(),
        });
        self.push_update("message_reaction", &change.to_string());
        self.tell_message(user_id, message_id);
        Ok(())
    }

    /// A person presses an inline button under a message of the bot.
    pub(crate) fn press(&mut self, user_id: i64, message_id: i32, data: &str) -> Result<(), Unable> {
        let account = self.accounts.get(&user_id).ok_or(Unable::NoSuchUser)?;
        let from = account.user.as_sender();
        let message = self.wire(user_id, message_id).ok_or(Unable::NoSuchMessage)?;
        let message: Value = serde_json::from_str(&message).unwrap_or(Value::Null);
        let query = json!({
            "id": uuid::Uuid::new_v4().as_u128().to_string(),
            "from": from,
            "message": message,
            "chat_instance": user_id.to_string(),
            "data": data,
        });
        self.push_update("callback_query", &query.to_string());
        Ok(())
    }

    /// An update of any kind, with its own JSON.
    pub(crate) fn push_update(&mut self, kind: &str, body: &str) -> Option<u32> {
        let id = self.updates.push(kind, body)?;
        self.signals.updates.send_modify(|count| *count += 1);
        Some(id)
    }

    /// Puts a message into a chat, without telling anybody.
    pub(super) fn store(&mut self, chat_id: i64, from_bot: bool, draft: Draft) -> i32 {
        let message_id = self.take_message_id();
        if let Some(account) = self.accounts.get_mut(&chat_id) {
            account.messages.push(Message {
                message_id,
                from_bot,
                at_ms: now_ms(),
                edit_date: None,
                text: draft.text,
                reply_to: draft.reply_to,
                deleted: false,
                reactions: Vec::new(),
                content: draft.content,
            });
        }
        message_id
    }
}

/// `ReactionType` of the Bot API.
fn reaction(sign: &str) -> Value {
    if sign == "★" {
        json!({"type": "custom_emoji", "custom_emoji_id": "5368324170671202286"})
    } else {
        json!({"type": "emoji", "emoji": sign})
    }
}

/// New words for a message: its text, or the caption of its file.
pub(super) fn rewrite(message: &mut Message, words: &str) {
    message.edit_date = Some(now_ms() / 1000);
    if message.text.is_some() {
        let mut draft = Draft::text(words);
        draft.mark_entities();
        message.text = draft.text;
        message.content.remove("entities");
        message.content.extend(draft.content);
    } else {
        message.content.insert("caption".into(), words.into());
    }
}
