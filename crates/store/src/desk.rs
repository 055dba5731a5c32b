//! What the desk works with besides chats: bots and ready answers.

mod apply;
mod bots;
mod canned;
mod status;

pub(crate) use apply::apply;
pub use bots::{Bot, all, bot};
pub use canned::{Canned, canned};
pub use status::{keep_status, unwatched};
