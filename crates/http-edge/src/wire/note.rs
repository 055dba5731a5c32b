use jiff::Timestamp;
use serde::Serialize;
use store::chats;
use utoipa::ToSchema;
use uuid::Uuid;

/// What an operator wrote down for colleagues. It is no message and goes nowhere.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Note {
    pub(crate) id: Uuid,
    pub(crate) note_text: String,
    /// The operator's name.
    pub(crate) author: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) created_at: Timestamp,
}

impl From<chats::Note> for Note {
    fn from(note: chats::Note) -> Self {
        Self { id: note.id, note_text: note.note_text, author: note.author, created_at: note.created_at }
    }
}
