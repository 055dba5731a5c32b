//! Who asks: by session cookie or bearer token.

mod cache;
mod caller;
pub(crate) mod cookie;
mod phone;

pub(crate) use cache::CallerCache;
pub(crate) use caller::{Admin, Caller, Customer, PageCustomer, PageStaff, PageUser, Staff};
pub use phone::read_phone;
