//! Chats with Telegram users: what came in, what went out and what became of it.

mod apply;
mod counterpart;
mod delivery;
mod history;
mod known;
mod list;
mod message;
mod notes;
mod read_markers;

pub(crate) use apply::apply;
pub use apply::{Expected, missing};
pub use counterpart::{ChatUser, Status, by_user};
pub use delivery::{Delivery, DeliveryState};
pub use history::{
    Edit, HistoryPage, StoredFile, answered, by_telegram_id, edits, file_by_id, history, is_vouched_for,
    message_by_id, newest_reply_after,
};
pub use known::{Known, Told, known, told};
pub use list::{Assignee, Chat, ChatList, Hit, LastMessage, ListQuery, list, one};
pub use message::{Change, Message, Part};
pub use notes::{Note, note_by_id, notes};
pub use read_markers::{mark_read, read_up_to};
