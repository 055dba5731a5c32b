use std::sync::{Arc, OnceLock};

use events::{
    bus::{ObjectError, Objects},
    chats::{ReplyFile, TextEntity},
};
use futures::TryStreamExt as _;
use store::{
    Store,
    calls::{self, Call, SentPart, Task},
};

use crate::{
    outbox::{Answer, Remembered, Verdict, Way, judge, not_sent},
    telegram::{Attached, Medium, Outgoing, Sent, Telegram, kind},
};

/// Makes calls.
#[derive(Clone)]
pub(super) struct Maker {
    telegram: Telegram,
    files: Objects,
    store: Store,
}

/// The largest files that a bot can send (Bot API, "Sending files"), in bytes.
const LARGEST_FILE: u64 = 50 * 1024 * 1024;
const LARGEST_PHOTO: u64 = 10 * 1024 * 1024;

/// A file cannot be had, which is no fault of Telegram's.
type NoFile = Verdict;
/// The same, when it turns out in the middle of the file.
type Broken = Arc<OnceLock<NoFile>>;

impl Maker {
    pub(super) const fn new(telegram: Telegram, files: Objects, store: Store) -> Self {
        Self { telegram, files, store }
    }

    pub(super) async fn make(&self, call: &Call, way: Way) -> Verdict {
        let marked = |entities| if way.plain { &[][..] } else { entities };
        match &call.task {
            Task::Send { text, entities, files, reply_to, asks_phone } => {
                let (reply_to, asks_phone) = (*reply_to, *asks_phone);
                let entities = marked(entities);
                let message = Outgoing { chat_id: call.user_id, text, entities, reply_to, asks_phone };
                if files.is_empty() {
                    let sent = self.telegram.send_text(message).await;
                    return judge(sent.map(|sent| answer(&[sent], &[])));
                }
                self.send_files(call, message, files, way).await
            }
            Task::Edit { text, entities, .. } => self.edit(call, text, marked(entities)).await,
            Task::Delete {} => self.delete(call).await,
        }
    }

    async fn send_files(&self, call: &Call, message: Outgoing<'_>, files: &[ReplyFile], way: Way) -> Verdict {
        // What cannot be read ends the upload before its end, so that Telegram never has it whole.
        let broken = Broken::default();
        let attached = match self.attach(call, files, way, &broken).await {
            Ok(attached) => attached,
            Err(verdict) => return verdict,
        };
        let kinds: Vec<_> = attached.iter().map(|file| (file.kind, file.file)).collect();
        let sent = self.telegram.send_files(message, attached).await;
        if let (Err(_), Some(verdict)) = (&sent, broken.get()) {
            return verdict.clone();
        }
        judge(sent.map(|sent| answer(&sent, &kinds)))
    }

    /// Each file as Telegram knows it, or to be uploaded.
    async fn attach<'f>(
        &self,
        call: &Call,
        files: &'f [ReplyFile],
        way: Way,
        broken: &Broken,
    ) -> Result<Vec<Attached<'f>>, NoFile> {
        let known = if way.upload { Vec::new() } else { self.known(call.bot_id, files).await? };
        let mut attached = Vec::with_capacity(files.len());
        for file in files {
            let kind = if way.document { "document" } else { kind(file.kind) };
            let known = known.iter().find(|known| known.sha256 == file.file.sha256 && known.kind == kind);
            let medium = match known {
                Some(known) => Medium::Known(known.telegram_file_id.clone()),
                None => self.upload(kind, file, broken).await?,
            };
            attached.push(Attached { kind, file, medium });
        }
        let uploaded = attached.iter().filter_map(|file| match &file.medium {
            Medium::Upload { size, .. } => Some(*size),
            Medium::Known(_) => None,
        });
        match uploaded.sum::<u64>() {
            total if total > LARGEST_FILE => Err(too_large(total, LARGEST_FILE)),
            _ => Ok(attached),
        }
    }

    async fn known(&self, bot_id: i64, files: &[ReplyFile]) -> Result<Vec<calls::TelegramFile>, NoFile> {
        let hashes: Vec<&str> = files.iter().map(|file| file.file.sha256.as_str()).collect();
        let mut conn = self.store.conn().await.map_err(|error| later(&error))?;
        calls::files(&mut conn, bot_id, &hashes).await.map_err(|error| later(&error))
    }

    async fn upload(&self, kind: &str, file: &ReplyFile, broken: &Broken) -> Result<Medium, NoFile> {
        let size = file.file.size;
        let most = if kind == "photo" { LARGEST_PHOTO } else { LARGEST_FILE };
        if size > most {
            return Err(too_large(size, most));
        }
        let bytes = self.files.read(&file.file).await.map_err(|error| unread(&error))?;
        let broken = broken.clone();
        let bytes = bytes.inspect_err(move |error| {
            tracing::warn!(%error, "a file could not be read to its end");
            // The first that is wrong is reason enough.
            broken.get_or_init(|| unread(error));
        });
        let content_type = file.file.content_type.clone();
        Ok(Medium::Upload { content_type, size, body: reqwest::Body::wrap_stream(bytes) })
    }

    async fn edit(&self, call: &Call, text: &str, entities: &[TextEntity]) -> Verdict {
        let parts = match self.parts(call).await {
            Ok(parts) => parts,
            Err(verdict) => return verdict,
        };
        let [part] = parts.as_slice() else {
            if parts.is_empty() {
                return not_sent("Telegram was never given the message");
            }
            return rejected(
                "the message was sent in several parts; only one of a single part can be changed",
            );
        };
        let Some(id) = part.telegram_message_ids.first() else {
            return not_sent("Telegram does not have the message, or it is not known whether it has");
        };
        let edited = self.telegram.edit(call.user_id, *id, part.has_files, (text, entities)).await;
        judge(edited.map(|()| Answer::default()))
    }

    async fn delete(&self, call: &Call) -> Verdict {
        let parts = match self.parts(call).await {
            Ok(parts) => parts,
            Err(verdict) => return verdict,
        };
        let ids: Vec<i64> = parts.into_iter().flat_map(|part| part.telegram_message_ids).collect();
        if ids.is_empty() {
            return not_sent("Telegram does not have the message, or it is not known whether it has");
        }
        judge(self.telegram.delete(call.user_id, &ids).await.map(|()| Answer::default()))
    }

    async fn parts(&self, call: &Call) -> Result<Vec<SentPart>, Verdict> {
        let mut conn = self.store.conn().await.map_err(|error| later(&error))?;
        calls::parts_of(&mut conn, call.message_id).await.map_err(|error| later(&error))
    }
}

/// What is kept of the messages that Telegram has made of a call, whose files were these.
fn answer(sent: &[Sent], files: &[(&'static str, &ReplyFile)]) -> Answer {
    let remembered = sent.iter().zip(files).filter_map(|(sent, (kind, file))| {
        let telegram_file_id = sent.file_id(kind)?.to_owned();
        Some(Remembered { sha256: file.file.sha256.clone(), kind, telegram_file_id })
    });
    Answer {
        telegram_message_ids: sent.iter().map(|sent| sent.message_id).collect(),
        files: remembered.collect(),
    }
}

fn too_large(size: u64, most: u64) -> Verdict {
    let reason = format!("{size} bytes; a bot can send {most}");
    Verdict::Failed { code: "too_large", reason, blocked: false }
}

fn rejected(reason: &str) -> Verdict {
    Verdict::Failed { code: "rejected", reason: reason.into(), blocked: false }
}

fn unread(error: &ObjectError) -> NoFile {
    match error {
        ObjectError::NotFound { .. } | ObjectError::Corrupt { .. } => {
            Verdict::Failed { code: "file_missing", reason: error.to_string(), blocked: false }
        }
        ObjectError::Unavailable { .. } => later(error),
    }
}

fn later(error: &(impl std::error::Error + ?Sized)) -> Verdict {
    Verdict::Later { reason: error.to_string() }
}
