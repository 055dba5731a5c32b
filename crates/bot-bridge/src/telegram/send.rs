//! What goes out. Only what is needed of the answers is read, so that a field nobody here knows cannot turn
//! a success into an error.

use events::chats::{MessageType, ReplyFile, TextEntity};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Telegram,
    call::{CallError, Request, Upload},
};

/// The kinds of entities that a sender may set; Telegram finds links, names and the like by itself.
const SET: [&str; 11] = [
    "bold",
    "italic",
    "underline",
    "strikethrough",
    "spoiler",
    "blockquote",
    "expandable_blockquote",
    "code",
    "pre",
    "text_link",
    "text_mention",
];

/// The most messages of one `deleteMessages` (Bot API).
const DELETED_AT_ONCE: usize = 100;

/// The part of a sent message that is kept.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Sent {
    pub(crate) message_id: i64,
    #[serde(default)]
    photo: Vec<SentFile>,
    video: Option<SentFile>,
    audio: Option<SentFile>,
    animation: Option<SentFile>,
    document: Option<SentFile>,
}

#[derive(Debug, Clone, Deserialize)]
struct SentFile {
    file_id: String,
}

/// What goes with every message.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Outgoing<'a> {
    pub(crate) chat_id: i64,
    pub(crate) text: &'a str,
    pub(crate) entities: &'a [TextEntity],
    pub(crate) reply_to: Option<i64>,
    pub(crate) asks_phone: bool,
}

/// A file that goes out.
#[derive(Debug)]
pub(crate) enum Medium {
    /// By what Telegram calls it.
    Known(String),
    Upload {
        content_type: String,
        size: u64,
        body: reqwest::Body,
    },
}

/// A file, and as what it goes.
#[derive(Debug)]
pub(crate) struct Attached<'a> {
    pub(crate) kind: &'static str,
    pub(crate) file: &'a ReplyFile,
    pub(crate) medium: Medium,
}

impl Telegram {
    pub(crate) async fn send_text(&self, message: Outgoing<'_>) -> Result<Sent, CallError> {
        let request = Request::new("sendMessage").with("text", message.text);
        self.call(message.fill(request, "entities")).await
    }

    /// Sends one file, or several as an album.
    pub(crate) async fn send_files(
        &self,
        message: Outgoing<'_>,
        mut files: Vec<Attached<'_>>,
    ) -> Result<Vec<Sent>, CallError> {
        if files.len() > 1 {
            return self.call(album(message, files)).await;
        }
        let Some(Attached { kind, file, medium }) = files.pop() else { return Ok(Vec::new()) };
        let mut request = Request::new(method(kind));
        for (name, value) in size(kind, file) {
            request = request.with(name, value);
        }
        if !message.text.is_empty() {
            request = request.with("caption", message.text);
        }
        request = match medium {
            Medium::Known(id) => request.with(kind, id),
            Medium::Upload { content_type, size, body } => {
                let (part, file_name) = (kind.to_owned(), file_name(file));
                request.upload(Upload { part, file_name, content_type, size, body })
            }
        };
        let sent = self.call(message.fill(request, "caption_entities")).await?;
        Ok(vec![sent])
    }

    /// Changes a text, or the caption of a file.
    pub(crate) async fn edit(
        &self,
        chat_id: i64,
        message_id: i64,
        is_caption: bool,
        (text, entities): (&str, &[TextEntity]),
    ) -> Result<(), CallError> {
        let (method, field, marked) = if is_caption {
            ("editMessageCaption", "caption", "caption_entities")
        } else {
            ("editMessageText", "text", "entities")
        };
        let request = Request::new(method)
            .with("chat_id", chat_id)
            .with("message_id", message_id)
            .with(field, text)
            .maybe(marked, wire(entities));
        let _: Value = self.call(request).await?;
        Ok(())
    }

    /// Takes messages back; those that are gone are left out.
    pub(crate) async fn delete(&self, chat_id: i64, messages: &[i64]) -> Result<(), CallError> {
        for messages in messages.chunks(DELETED_AT_ONCE) {
            let request = Request::new("deleteMessages")
                .with("chat_id", chat_id)
                .with("message_ids", messages.to_vec());
            let _: Value = self.call(request).await?;
        }
        Ok(())
    }
}

impl Outgoing<'_> {
    /// What all ways of sending have in common.
    fn fill(&self, request: Request, marked: &str) -> Request {
        // The message that is answered may be gone by now; that is no reason not to answer.
        let reply = self.reply_to.map(|id| json!({"message_id": id, "allow_sending_without_reply": true}));
        let keyboard = self.asks_phone.then(|| {
            json!({
                "keyboard": [[{"text": "Поделиться номером", "request_contact": true}]],
                "resize_keyboard": true,
                "one_time_keyboard": true,
            })
        });
        request
            .with("chat_id", self.chat_id)
            .maybe(marked, wire(self.entities))
            .maybe("reply_parameters", reply)
            .maybe("reply_markup", keyboard)
    }
}

impl Sent {
    /// What Telegram calls the file that was sent as this; the largest of a picture's sizes.
    pub(crate) fn file_id(&self, kind: &str) -> Option<&str> {
        let file = match kind {
            "photo" => self.photo.last(),
            "video" => self.video.as_ref(),
            "audio" => self.audio.as_ref(),
            "animation" => self.animation.as_ref(),
            _ => self.document.as_ref(),
        };
        file.map(|file| file.file_id.as_str())
    }
}

/// The text belongs to the first file, which Telegram shows under the whole album.
fn album(message: Outgoing<'_>, files: Vec<Attached<'_>>) -> Request {
    let mut request = Request::new("sendMediaGroup");
    let mut media = Vec::with_capacity(files.len());
    for (number, Attached { kind, file, medium }) in files.into_iter().enumerate() {
        let mut one = json!({"type": kind});
        for (name, value) in size(kind, file) {
            one[name] = value.into();
        }
        if number == 0 && !message.text.is_empty() {
            one["caption"] = message.text.into();
            if let Some(entities) = wire(message.entities) {
                one["caption_entities"] = entities;
            }
        }
        match medium {
            Medium::Known(id) => one["media"] = id.into(),
            Medium::Upload { content_type, size, body } => {
                let part = format!("file{number}");
                one["media"] = format!("attach://{part}").into();
                let file_name = file_name(file);
                request = request.upload(Upload { part, file_name, content_type, size, body });
            }
        }
        media.push(one);
    }
    Outgoing { entities: &[], ..message }.fill(request.with("media", media), "")
}

/// What a file may be sent as; everything else is a document.
pub(crate) const fn kind(kind: MessageType) -> &'static str {
    match kind {
        MessageType::Photo => "photo",
        MessageType::Video => "video",
        MessageType::Audio => "audio",
        MessageType::Animation => "animation",
        _ => "document",
    }
}

fn method(kind: &str) -> &'static str {
    match kind {
        "photo" => "sendPhoto",
        "video" => "sendVideo",
        "audio" => "sendAudio",
        "animation" => "sendAnimation",
        _ => "sendDocument",
    }
}

/// Telegram measures pictures by itself, but not films.
fn size(kind: &str, file: &ReplyFile) -> impl Iterator<Item = (&'static str, u32)> {
    let moves = kind == "video" || kind == "animation";
    let sides = [("width", file.width), ("height", file.height)];
    sides.into_iter().filter_map(move |(name, side)| Some((name, side.filter(|_| moves)?)))
}

/// As the operator's device calls it, without what could end the header that it stands in.
fn file_name(file: &ReplyFile) -> String {
    let name = file.file_name.as_deref().unwrap_or_default();
    let name: String =
        name.chars().filter(|char| !char.is_control() && !matches!(char, '"' | '\\' | '/')).collect();
    if name.trim().is_empty() { "file".into() } else { name }
}

/// `MessageEntity` values; nothing when there are none.
fn wire(entities: &[TextEntity]) -> Option<Value> {
    let wire: Vec<Value> = entities.iter().filter_map(marked).collect();
    (!wire.is_empty()).then_some(Value::Array(wire))
}

fn marked(entity: &TextEntity) -> Option<Value> {
    let kind = entity.kind.as_str();
    if !SET.contains(&kind) {
        return None;
    }
    let mut wire = json!({"type": kind, "offset": entity.offset, "length": entity.length});
    match kind {
        "text_link" => wire["url"] = entity.url.as_deref()?.into(),
        "text_mention" => {
            wire["user"] = json!({"id": entity.user_id?, "is_bot": false, "first_name": ""});
        }
        "pre" => {
            if let Some(language) = &entity.language {
                wire["language"] = language.as_str().into();
            }
        }
        _ => {}
    }
    Some(wire)
}
