//! Chats between Telegram users and operators. The entity is Telegram's id of the user.

mod bot_blocked;
mod bot_unblocked;
mod closed;
mod file_failed;
mod file_stored;
mod message;
mod message_edited;
mod message_received;
mod opened;
mod reply_failed;
mod reply_requested;
mod reply_sent;
mod reply_unknown;
mod retry_requested;

pub use bot_blocked::BotBlocked;
pub use bot_unblocked::BotUnblocked;
pub use closed::ChatClosed;
pub use file_failed::FileFailed;
pub use file_stored::FileStored;
pub use message::{Attachment, Direction, MessageType, Sender};
pub use message_edited::MessageEdited;
pub use message_received::MessageReceived;
pub use opened::ChatOpened;
pub use reply_failed::ReplyFailed;
pub use reply_requested::ReplyRequested;
pub use reply_sent::ReplySent;
pub use reply_unknown::ReplyUnknown;
pub use retry_requested::RetryRequested;

crate::declare_domain!(
    /// What happens in a chat.
    ChatEvent {
        MessageReceived,
        MessageEdited,
        ReplyRequested,
        RetryRequested,
        ReplySent,
        ReplyFailed,
        ReplyUnknown,
        FileStored,
        FileFailed,
        ChatOpened,
        ChatClosed,
        BotBlocked,
        BotUnblocked,
    }
);
