//! Signing up, in and out.

pub(crate) mod account_page;
mod attempts;
pub(crate) mod change_password;
mod new_session;
mod next;
pub(crate) mod register;
pub(crate) mod sessions;
pub(crate) mod show_session;
pub(crate) mod sign_in;
pub(crate) mod sign_out;
pub(crate) mod telegram;

pub(crate) use attempts::{Attempts, Who};
pub(crate) use next::is_own_path;
