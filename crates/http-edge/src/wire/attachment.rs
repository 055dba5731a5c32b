use events::chats::ReplyFile;
use serde::Serialize;
use store::chats;
use utoipa::ToSchema;
use uuid::Uuid;

/// A file of a message.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Attachment {
    /// Served at `/files/{id}` once it is `stored`.
    pub(crate) id: Uuid,
    /// `stored`, `pending`, `too_large` (more than 20 MB) or `failed`.
    pub(crate) state: &'static str,
    pub(crate) file_name: Option<String>,
    pub(crate) mime_type: Option<String>,
    /// Bytes.
    pub(crate) size: Option<u64>,
    pub(crate) width: Option<u32>,
    pub(crate) height: Option<u32>,
    /// Seconds.
    pub(crate) duration: Option<u32>,
}

impl Attachment {
    /// The file that came with a message, or those that go out with it.
    pub(super) fn all_of(message: &chats::Message) -> Vec<Self> {
        Self::received(message).into_iter().chain(message.files.iter().map(Self::from)).collect()
    }

    fn received(message: &chats::Message) -> Option<Self> {
        let described = match (&message.attachment, &message.file) {
            (Some(attachment), _) => Self::described(message.id, attachment),
            (None, Some(_)) => Self::pending(message.id),
            (None, None) => return None,
        };
        Some(match (message.file_id, &message.file, message.file_failure.as_deref()) {
            (Some(id), Some(file), _) => Self {
                id,
                state: "stored",
                // The bytes are known now, and are believed rather than what was said of them.
                mime_type: Some(file.content_type.clone()),
                size: Some(file.size),
                ..described
            },
            (_, _, Some("too_large")) => Self { state: "too_large", ..described },
            (_, _, Some(_)) => Self { state: "failed", ..described },
            _ => described,
        })
    }

    /// A file that is still at Telegram.
    pub(super) fn described(id: Uuid, attachment: &events::chats::Attachment) -> Self {
        Self {
            file_name: attachment.file_name.clone(),
            mime_type: attachment.mime_type.clone(),
            size: attachment.size,
            width: attachment.width,
            height: attachment.height,
            duration: attachment.duration,
            ..Self::pending(id)
        }
    }

    const fn pending(id: Uuid) -> Self {
        Self {
            id,
            state: "pending",
            file_name: None,
            mime_type: None,
            size: None,
            width: None,
            height: None,
            duration: None,
        }
    }
}

impl From<&ReplyFile> for Attachment {
    fn from(file: &ReplyFile) -> Self {
        Self {
            state: "stored",
            file_name: file.file_name.clone(),
            mime_type: Some(file.file.content_type.clone()),
            size: Some(file.file.size),
            width: file.width,
            height: file.height,
            ..Self::pending(file.file_id)
        }
    }
}
