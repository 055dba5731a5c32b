//! Chats with Telegram users: what came in, what went out and what became of it.

mod apply;
mod counterpart;
mod delivery;
mod history;
mod known;
mod list;
mod message;
mod read_markers;

pub(crate) use apply::apply;
pub use apply::{Expected, missing};
pub use counterpart::{ChatUser, Status, by_user};
pub use delivery::{Delivery, DeliveryState};
pub use history::{
    Edit, HistoryPage, StoredFile, answered, by_telegram_id, edits, file_by_id, history, message_by_id,
    newest_reply_after,
};
pub use known::{Known, Told, known, told};
pub use list::{Chat, ChatList, LastMessage, ListQuery, list, one};
pub use message::{Change, Message, Part};
pub use read_markers::{mark_read, read_up_to};
