//! The operators' desk.

mod act;
pub(crate) mod assign;
pub(crate) mod ban;
mod beside;
pub(crate) mod canned;
pub(crate) mod change;
pub(crate) mod credit;
pub(crate) mod file;
mod fill;
mod heard;
pub(crate) mod history;
pub(crate) mod lines;
pub(crate) mod list;
pub(crate) mod live;
pub(crate) mod message;
pub(crate) mod note;
mod page;
pub(crate) mod person;
pub(crate) mod read;
pub(crate) mod reply;
pub(crate) mod retry;
pub(crate) mod set_status;
pub(crate) mod settled;
pub(crate) mod typing;
mod words;

pub(crate) use heard::Ear;
pub(crate) use live::Frames;
pub(crate) use page::{chat_page, desk_page};
