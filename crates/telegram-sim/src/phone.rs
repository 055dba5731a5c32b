use std::time::Duration;

use anyhow::Context;
use bytes::Bytes;
use serde_json::{Map, Value, json};

use crate::media::{Kind, Prepared, Upload};
use crate::sim::wait;
use crate::state::draft::Draft;
use crate::state::message::Message;
use crate::state::now_ms;
use crate::world::World;

/// One person's phone, with the chat with the bot open. What cannot be done in Telegram either
/// (writing while the bot is blocked, editing what is not there) is an error.
#[derive(Clone, Debug)]
pub struct Phone {
    world: World,
    user_id: i64,
}

impl Phone {
    pub(crate) fn new(world: World, user_id: i64) -> Self {
        Self { world, user_id }
    }

    pub fn user_id(&self) -> i64 {
        self.user_id
    }

    /// Sends a text; returns its message id, as all senders here do.
    ///
    /// # Errors
    /// The bot is blocked.
    pub fn text(&self, text: &str) -> anyhow::Result<i32> {
        self.send(Draft::text(text))
    }

    /// Answers a message.
    ///
    /// # Errors
    /// The bot is blocked, or there is no such message.
    pub fn reply(&self, to: i32, text: &str) -> anyhow::Result<i32> {
        self.send(Draft::text(text).replying_to(Some(to)))
    }

    /// Sends a message of any kind: `field` and `value` as in the Bot API's `Message`, such as
    /// `location`.
    ///
    /// # Errors
    /// The bot is blocked.
    pub fn any(&self, field: &str, value: Value) -> anyhow::Result<i32> {
        self.send(Draft::default().with(field, value))
    }

    /// Shares the person's own phone number.
    ///
    /// # Errors
    /// The bot is blocked, or the person has no number.
    pub fn contact(&self) -> anyhow::Result<i32> {
        let contact = {
            let state = self.world.state();
            let account = state.accounts.get(&self.user_id);
            account.and_then(|account| account.user.contact())
        };
        self.any("contact", contact.context("no phone number")?)
    }

    /// Sends a picture; the bot gets it in Telegram's sizes, as JPEG.
    ///
    /// # Errors
    /// The bot is blocked, or the bytes are no picture.
    pub fn photo(&self, bytes: impl Into<Bytes>, caption: &str) -> anyhow::Result<i32> {
        self.file(Kind::Photo, bytes, "photo.jpg", "image/jpeg", caption)
    }

    /// # Errors
    /// The bot is blocked.
    pub fn video(&self, bytes: impl Into<Bytes>, caption: &str) -> anyhow::Result<i32> {
        self.file(Kind::Video, bytes, "video.mp4", "video/mp4", caption)
    }

    /// # Errors
    /// The bot is blocked.
    pub fn document(&self, bytes: impl Into<Bytes>, name: &str, mime: &str) -> anyhow::Result<i32> {
        self.file(Kind::Document, bytes, name, mime, "")
    }

    /// Sends a sticker: WebP, or with `application/x-tgsticker` or `video/webm` one that moves, which has a
    /// picture as its thumbnail.
    ///
    /// # Errors
    /// The bot is blocked.
    pub fn sticker(&self, bytes: impl Into<Bytes>, mime: &str) -> anyhow::Result<i32> {
        self.file(Kind::Sticker, bytes, "sticker", mime, "")
    }

    /// Sends a file of any kind.
    ///
    /// # Errors
    /// The bot is blocked, or a photo is no picture.
    pub fn file(
        &self,
        kind: Kind,
        bytes: impl Into<Bytes>,
        name: &str,
        mime: &str,
        caption: &str,
    ) -> anyhow::Result<i32> {
        let draft = self.stored(kind, bytes.into(), name, mime)?;
        self.send(captioned(draft, caption))
    }

    /// Sends several pictures as one album: a message each, the caption on the first.
    ///
    /// # Errors
    /// The bot is blocked, or something is no picture.
    pub fn album(&self, pictures: Vec<Bytes>, caption: &str) -> anyhow::Result<Vec<i32>> {
        let album = self.world.state().album_id();
        let mut ids = Vec::new();
        for (at, bytes) in pictures.into_iter().enumerate() {
            let draft = self.stored(Kind::Photo, bytes, "photo.jpg", "image/jpeg")?;
            let draft = draft.with("media_group_id", album.as_str().into());
            ids.push(self.send(captioned(draft, if at == 0 { caption } else { "" }))?);
        }
        Ok(ids)
    }

    fn stored(&self, kind: Kind, bytes: Bytes, name: &str, mime: &str) -> anyhow::Result<Draft> {
        let upload = Upload { name: name.into(), mime: Some(mime.into()), bytes };
        let prepared = Prepared::new(kind, upload, Map::new()).context("the photo is no picture")?;
        let (field, value) = prepared.store(&mut self.world.state());
        Ok(Draft::default().with(field, value))
    }

    fn send(&self, draft: Draft) -> anyhow::Result<i32> {
        Ok(self.world.state().receive(self.user_id, draft)?)
    }

    /// Changes the text (or caption) of an own message.
    ///
    /// # Errors
    /// The bot is blocked, or the message is not one's own.
    pub fn edit(&self, message_id: i32, text: &str) -> anyhow::Result<()> {
        let mut state = self.world.state();
        Ok(state.edit_received(self.user_id, message_id, text)?)
    }

    /// Puts signs to a message, in the place of those that are there; `★` is a sign that is no emoji.
    ///
    /// # Errors
    /// The bot is blocked, or there is no such message.
    pub fn react(&self, message_id: i32, signs: &[&str]) -> anyhow::Result<()> {
        let signs = signs.iter().map(|&sign| sign.to_owned()).collect();
        Ok(self.world.state().react(self.user_id, message_id, signs)?)
    }

    /// Answers a part of a message.
    ///
    /// # Errors
    /// The bot is blocked, or there is no such message.
    pub fn quote(&self, to: i32, part: &str, text: &str) -> anyhow::Result<i32> {
        let quote = json!({"text": part, "position": 0, "is_manual": true});
        self.send(Draft::text(text).replying_to(Some(to)).with("quote", quote))
    }

    /// Passes on what a channel has said.
    ///
    /// # Errors
    /// The bot is blocked.
    pub fn forward(&self, channel: &str, text: &str) -> anyhow::Result<i32> {
        self.send(Draft::text(text).with("forward_origin", forwarded(channel)))
    }

    /// Presses an inline button of a message.
    ///
    /// # Errors
    /// There is no such message.
    pub fn press(&self, message_id: i32, data: &str) -> anyhow::Result<()> {
        let mut state = self.world.state();
        Ok(state.press(self.user_id, message_id, data)?)
    }

    pub fn block(&self) {
        self.set_blocked(true);
    }

    pub fn unblock(&self) {
        self.set_blocked(false);
    }

    fn set_blocked(&self, blocked: bool) {
        // The only failure is a person who does not exist; this one does.
        let _ = self.world.state().set_blocked(self.user_id, blocked);
    }

    /// The whole chat, oldest first; deleted messages are marked.
    pub fn messages(&self) -> Vec<Message> {
        let state = self.world.state();
        let account = state.accounts.get(&self.user_id);
        account.map(|account| account.messages.clone()).unwrap_or_default()
    }

    /// What the bot sent, oldest first, without what it deleted.
    pub fn from_bot(&self) -> Vec<Message> {
        let mut messages = self.messages();
        messages.retain(|message| message.from_bot && !message.deleted);
        messages
    }

    /// The bytes of a file the bot sent or was sent.
    pub fn open(&self, file_id: &str) -> Option<Bytes> {
        let file = self.world.state().files.by_id(file_id)?;
        Some(file.bytes.clone())
    }

    /// Waits until the bot has sent a message whose text or caption contains `words`.
    ///
    /// # Errors
    /// It did not in time; the error shows what it sent instead.
    pub async fn wait_for(&self, words: &str, within: Duration) -> anyhow::Result<Message> {
        let look = || {
            let mut found = self.from_bot().into_iter();
            found.find(|message| message.words().contains(words))
        };
        wait(&self.world, &format!("message with «{words}»"), within, look).await.with_context(|| {
            let sent = self.from_bot();
            let sent: Vec<_> = sent.iter().map(Message::words).collect();
            format!("the bot sent {sent:?} to {}", self.user_id)
        })
    }

    /// Waits until the bot has sent at least `count` messages.
    ///
    /// # Errors
    /// It did not in time.
    pub async fn wait_for_count(&self, count: usize, within: Duration) -> anyhow::Result<Vec<Message>> {
        let what = format!("{count} messages of the bot to {}", self.user_id);
        wait(&self.world, &what, within, || Some(self.from_bot()).filter(|sent| sent.len() >= count))
            .await
            .with_context(|| format!("there were {}", self.from_bot().len()))
    }
}

/// `MessageOrigin` of the Bot API.
fn forwarded(channel: &str) -> Value {
    json!({
        "type": "channel",
        "chat": {"id": -1_001_000_000_001_i64, "title": channel, "type": "channel"},
        "message_id": 1,
        "date": now_ms() / 1000 - 60,
    })
}

fn captioned(draft: Draft, caption: &str) -> Draft {
    if caption.is_empty() {
        return draft;
    }
    draft.with("caption", caption.into())
}
