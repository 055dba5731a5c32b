//! The back office's administration: accounts, orders, dead letters. For administrators alone.

pub(crate) mod access;
pub(crate) mod landing;
pub(crate) mod letter_pages;
pub(crate) mod letters;
pub(crate) mod order_pages;
pub(crate) mod orders;
mod reason;
mod search;
pub(crate) mod settle;
pub(crate) mod user_pages;
pub(crate) mod users;

pub(crate) use reason::read_reason;
