//! `POST /api/chat-message`: foreign bots bring what they hear, from anywhere.

mod input;
mod store_message;

pub(crate) use store_message::{__path_store_chat_message, cors, store_chat_message};
