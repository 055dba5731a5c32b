//! Signing up, in and out.

mod attempts;
mod next;
pub(crate) mod register;
pub(crate) mod show_session;
pub(crate) mod sign_in;
pub(crate) mod sign_out;

pub(crate) use attempts::Attempts;
pub(crate) use next::is_own_path;
