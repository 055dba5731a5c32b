use events::chats::{MessageType, ReplyFile, TextEntity};
use store::calls::{Call, Task, Wanted};
use uuid::Uuid;

use super::{
    super::telegram::{BAD_ENTITIES, BAD_PICTURE},
    Coming, World,
};

impl World {
    /// Somebody writes something, changes something, or takes it back.
    pub(super) fn wish(&mut self) {
        self.log += 1;
        let chat = 1 + i64::try_from(self.chance.below(4)).unwrap();
        let earlier = self.sent_to.iter().rev().find(|(of, _)| *of == chat).map(|(_, message)| *message);
        let kind = self.chance.below(10);
        let wish = Uuid::from_u128(u128::try_from(self.log).unwrap());
        let mut calls = Vec::new();
        match (kind, earlier) {
            (0, Some(message)) => {
                let task = Task::Edit { edit_id: wish, text: "other words".into(), entities: Vec::new() };
                calls.push(self.call(chat, wish, 0, message, task));
            }
            (1, Some(message)) => calls.push(self.call(chat, wish, 0, message, Task::Delete {})),
            _ => {
                for part in 0..=u32::try_from(self.chance.below(6).saturating_sub(3)).unwrap() {
                    let task = send(
                        ["words", "words", BAD_ENTITIES, BAD_PICTURE]
                            [usize::try_from(self.chance.below(4)).unwrap()],
                    );
                    calls.push(self.call(chat, wish, part, wish, task));
                }
                self.sent_to.push((chat, wish));
            }
        }
        if self.faults > 0 && self.chance.percent(5) {
            self.telegram.blocked.insert(chat);
            self.at(self.now + 30_000, None, Coming::Unblock(chat));
        }
        for call in &calls {
            self.database.enter(call.clone());
        }
        self.hear(calls);
    }

    fn call(&self, chat: i64, wish: Uuid, part: u32, message_id: Uuid, task: Task) -> Call {
        Call {
            id: Wanted::id(wish, part),
            bot_id: 1,
            user_id: chat,
            position: self.log,
            part,
            message_id,
            task,
            attempt: 1,
            not_before: None,
            cause: self.cause.clone(),
        }
    }
}

fn send(text: &str) -> Task {
    let entities = (text == BAD_ENTITIES).then(|| TextEntity::plain("bold", 0, 3));
    let files = (text == BAD_PICTURE).then(|| ReplyFile { kind: MessageType::Photo, ..ReplyFile::sample() });
    Task::Send {
        text: text.into(),
        entities: entities.into_iter().collect(),
        files: files.into_iter().collect(),
        reply_to: None,
        asks_phone: false,
    }
}
