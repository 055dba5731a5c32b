use super::message::Message;
use super::user::User;

/// A person and their chat with the bot.
#[derive(Debug)]
pub(crate) struct Account {
    pub(crate) user: User,
    /// The bot may write only to somebody who wrote first.
    pub(crate) started: bool,
    /// The person has blocked the bot.
    pub(crate) blocked: bool,
    /// In order of their ids.
    pub(crate) messages: Vec<Message>,
}

impl Account {
    pub(crate) fn of(user: User) -> Self {
        Self { user, started: false, blocked: false, messages: Vec::new() }
    }

    pub(crate) fn message(&self, id: i32) -> Option<&Message> {
        let at = self.position(id)?;
        self.messages.get(at)
    }

    pub(crate) fn message_mut(&mut self, id: i32) -> Option<&mut Message> {
        let at = self.position(id)?;
        self.messages.get_mut(at)
    }

    /// Messages with an id above `after`, oldest first.
    pub(crate) fn messages_after(&self, after: i32) -> &[Message] {
        let from = self.messages.partition_point(|message| message.message_id <= after);
        &self.messages[from..]
    }

    fn position(&self, id: i32) -> Option<usize> {
        self.messages.binary_search_by_key(&id, |message| message.message_id).ok()
    }
}
