//! Blocking and unblocking the bot.

use serde_json::{Value, json};

use super::receive::Unable;
use super::{State, now_ms};

impl State {
    /// Blocks or unblocks; the bot hears of it as `my_chat_member`, once per change.
    pub(crate) fn set_blocked(&mut self, user_id: i64, blocked: bool) -> Result<(), Unable> {
        let account = self.accounts.get_mut(&user_id).ok_or(Unable::NoSuchUser)?;
        if account.blocked == blocked {
            return Ok(());
        }
        account.blocked = blocked;
        let (chat, from) = (account.user.as_chat(), account.user.as_sender());
        let change = json!({
            "chat": chat,
            "from": from,
            "date": now_ms() / 1000,
            "old_chat_member": self.membership(!blocked),
            "new_chat_member": self.membership(blocked),
        });
        self.push_update("my_chat_member", &change.to_string());
        self.tell_user(user_id);
        Ok(())
    }

    /// `ChatMember` of the Bot API for the bot itself.
    fn membership(&self, blocked: bool) -> Value {
        let user = self.bot.as_sender();
        if blocked {
            json!({"user": user, "status": "kicked", "until_date": 0})
        } else {
            json!({"user": user, "status": "member"})
        }
    }
}
