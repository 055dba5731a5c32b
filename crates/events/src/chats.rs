//! Chats between Telegram users and operators. The entity is Telegram's id of the user.

mod assigned;
mod banned;
mod bot_blocked;
mod bot_unblocked;
mod closed;
mod delete_failed;
mod delete_requested;
mod details;
mod edit_failed;
mod edit_requested;
mod entity;
mod file_failed;
mod file_stored;
mod message;
mod message_edited;
mod message_received;
mod note_added;
mod note_removed;
mod notice_requested;
mod notices_switched;
mod opened;
mod parts;
mod reaction_changed;
mod reply_deleted;
mod reply_dismissed;
mod reply_edited;
mod reply_failed;
mod reply_file;
mod reply_requested;
mod reply_sent;
mod reply_unknown;
mod retry_requested;
mod unbanned;

pub use assigned::ChatAssigned;
pub use banned::ChatBanned;
pub use bot_blocked::BotBlocked;
pub use bot_unblocked::BotUnblocked;
pub use closed::ChatClosed;
pub use delete_failed::DeleteFailed;
pub use delete_requested::DeleteRequested;
pub use details::{Contact, Details, Dice, Forward, Place, Poll};
pub use edit_failed::EditFailed;
pub use edit_requested::EditRequested;
pub use entity::TextEntity;
pub use file_failed::FileFailed;
pub use file_stored::FileStored;
pub use message::{Attachment, Direction, MessageType, Sender};
pub use message_edited::MessageEdited;
pub use message_received::MessageReceived;
pub use note_added::NoteAdded;
pub use note_removed::NoteRemoved;
pub use notice_requested::{NoticeKind, NoticeRequested};
pub use notices_switched::NoticesSwitched;
pub use opened::ChatOpened;
pub use parts::{LARGEST_ALBUM, LONGEST_CAPTION, LONGEST_TEXT, ReplyPart, plan};
pub use reaction_changed::ReactionChanged;
pub use reply_deleted::ReplyDeleted;
pub use reply_dismissed::ReplyDismissed;
pub use reply_edited::ReplyEdited;
pub use reply_failed::ReplyFailed;
pub use reply_file::ReplyFile;
pub use reply_requested::ReplyRequested;
pub use reply_sent::ReplySent;
pub use reply_unknown::ReplyUnknown;
pub use retry_requested::RetryRequested;
pub use unbanned::ChatUnbanned;

crate::declare_domain!(
    /// What happens in a chat.
    ChatEvent {
        MessageReceived,
        MessageEdited,
        ReactionChanged,
        ReplyRequested,
        NoticeRequested,
        RetryRequested,
        ReplyDismissed,
        ReplySent,
        ReplyFailed,
        ReplyUnknown,
        EditRequested,
        ReplyEdited,
        EditFailed,
        DeleteRequested,
        ReplyDeleted,
        DeleteFailed,
        FileStored,
        FileFailed,
        NoteAdded,
        NoteRemoved,
        ChatOpened,
        ChatClosed,
        ChatAssigned,
        ChatBanned,
        ChatUnbanned,
        BotBlocked,
        BotUnblocked,
        NoticesSwitched,
    }
);

/// Most replies have one part, which is not worth a word.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
const fn is_first(part: &u32) -> bool {
    *part == 0
}
