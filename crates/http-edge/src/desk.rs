//! The operators' desk.

pub(crate) mod credit;
pub(crate) mod file;
pub(crate) mod history;
pub(crate) mod list;
pub(crate) mod live;
mod page;
pub(crate) mod read;
pub(crate) mod reply;
pub(crate) mod retry;
pub(crate) mod set_status;
pub(crate) mod settled;
pub(crate) mod typing;

pub(crate) use page::{chat_page, desk_page};
pub(crate) use typing::Typing;
